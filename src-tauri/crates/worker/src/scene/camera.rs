//! Where the camera stands for a view: around a ball of radius 1 that holds the model.

use three_d::{Camera, Degrees, InnerSpace, Vec3, Viewport, vec3};
use tiebreak_media::worker::View;

/// The angle of view across the shorter side, in degrees.
const ANGLE: f32 = 36.0;
/// How much room is left around the ball.
const ROOM: f32 = 1.06;
/// How near and how far the camera may come, as zoom.
const ZOOM: (f32, f32) = (0.1, 40.0);
/// Just short of straight above, where up and down would turn over.
const STEEPEST: f32 = 1.55;

/// Direction, distance and target of a camera.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stand {
    /// Where it is.
    pub eye: Vec3,
    /// What it looks at.
    pub target: Vec3,
    /// What is to its right.
    pub right: Vec3,
    /// What is above it.
    pub up: Vec3,
    distance: f32,
}

impl Stand {
    /// The stand for a view; what is no number counts as 0.
    pub fn of(view: &View) -> Self {
        let yaw = number(view.yaw);
        let pitch = number(view.pitch).clamp(-STEEPEST, STEEPEST);
        let zoom = number(view.zoom).clamp(ZOOM.0, ZOOM.1);
        let away = vec3(
            yaw.sin() * pitch.cos(),
            pitch.sin(),
            yaw.cos() * pitch.cos(),
        );
        let right = vec3(yaw.cos(), 0.0, -yaw.sin());
        let up = away.cross(right).normalize();
        let target = right * number(view.pan_x) + up * number(view.pan_y);
        let distance = fitting() / zoom;
        Self {
            eye: target + away * distance,
            target,
            right,
            up,
            distance,
        }
    }
}

fn number(given: f32) -> f32 {
    if given.is_finite() { given } else { 0.0 }
}

/// The distance from which the ball fills the shorter side.
fn fitting() -> f32 {
    ROOM / (ANGLE.to_radians() / 2.0).sin()
}

/// The camera for a view.
pub fn camera(view: &View) -> Camera {
    let stand = Stand::of(view);
    let (width, height) = (view.width.max(1), view.height.max(1));
    #[expect(clippy::cast_precision_loss, reason = "at most a few thousand pixels")]
    let narrow = (height as f32 / width as f32).max(1.0);
    let half = (ANGLE.to_radians() / 2.0).tan() * narrow;
    let angle = Degrees::from(three_d::radians(2.0 * half.atan()));
    let offset = stand.target.magnitude();
    let near = (stand.distance - 1.1 - offset).max(stand.distance * 0.01);
    Camera::new_perspective(
        Viewport::new_at_origo(width, height),
        stand.eye,
        stand.target,
        vec3(0.0, 1.0, 0.0),
        angle,
        near,
        stand.distance + 1.1 + offset,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(yaw: f32, pitch: f32, zoom: f32) -> View {
        View {
            width: 100,
            height: 100,
            yaw,
            pitch,
            zoom,
            pan_x: 0.0,
            pan_y: 0.0,
        }
    }

    #[test]
    fn it_starts_in_front_and_turns_around() {
        let front = Stand::of(&view(0.0, 0.0, 1.0));
        assert!(front.eye.z > 3.0 && front.eye.x.abs() < 1e-5);
        let side = Stand::of(&view(std::f32::consts::FRAC_PI_2, 0.0, 1.0));
        assert!(side.eye.x > 3.0 && side.eye.z.abs() < 1e-4);
        assert!((side.right - vec3(0.0, 0.0, -1.0)).magnitude() < 1e-5);
        let above = Stand::of(&view(0.0, 9.0, 1.0));
        assert!(above.eye.y > 3.0 && above.up.magnitude() > 0.99);
    }

    #[test]
    fn zoom_and_pan_move_it() {
        let near = Stand::of(&view(0.3, 0.2, 2.0));
        let far = Stand::of(&view(0.3, 0.2, 1.0));
        assert!((near.eye.magnitude() * 2.0 - far.eye.magnitude()).abs() < 1e-4);
        let panned = Stand::of(&View {
            pan_x: 0.5,
            ..view(0.0, 0.0, 1.0)
        });
        assert!((panned.target - vec3(0.5, 0.0, 0.0)).magnitude() < 1e-5);
        assert_eq!(
            Stand::of(&view(f32::NAN, 0.0, 1.0)),
            Stand::of(&view(0.0, 0.0, 1.0))
        );
    }

    #[test]
    fn the_ball_fits_however_narrow_the_pane() {
        for (width, height) in [(400, 100), (100, 400), (100, 100)] {
            let camera = camera(&View {
                width,
                height,
                ..view(0.0, 0.0, 1.0)
            });
            let matrix = camera.projection() * camera.view();
            for edge in [vec3(1.0, 0.0, 0.0), vec3(0.0, 1.0, 0.0)] {
                let seen = matrix * edge.extend(1.0);
                assert!((seen.x / seen.w).abs() < 1.0 && (seen.y / seen.w).abs() < 1.0);
            }
        }
    }
}
