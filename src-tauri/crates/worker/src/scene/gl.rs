//! An OpenGL context without window or display, for one thread.
//!
//! three-d has no way of its own to draw without a window since 0.19. This asks Mesa's surfaceless
//! platform first, which needs neither display nor device and falls back to drawing in software,
//! then the system's default display.

use std::ffi::c_void;
use std::sync::Arc;

use khronos_egl as egl;
use three_d::Context;

use super::Problem;

/// `EGL_PLATFORM_SURFACELESS_MESA`.
const SURFACELESS: egl::Enum = 0x31DD;

type Egl = egl::DynamicInstance<egl::EGL1_5>;

/// A context that is current on this thread. It is never destroyed: it ends with the process.
pub fn context() -> Result<Context, Problem> {
    let egl = library()?;
    let display = display(&egl)?;
    egl.bind_api(egl::OPENGL_API)
        .map_err(|e| no_graphics(&format!("OpenGL: {e}")))?;
    let context = current(&egl, display).map_err(|e| no_graphics(&e))?;
    context.map_err(|e| no_graphics(&e))
}

fn no_graphics(detail: &dyn std::fmt::Display) -> Problem {
    Problem::new("this computer offers no OpenGL 3.3, not even in software").with(detail)
}

#[expect(
    unsafe_code,
    reason = "loads libEGL, whose functions are then called as the EGL specification says"
)]
fn library() -> Result<Egl, Problem> {
    // SAFETY: the library's initialisers are Mesa's or the driver's, as in any program that draws.
    unsafe { Egl::load_required() }.map_err(|e| no_graphics(&format!("libEGL: {e}")))
}

#[expect(unsafe_code, reason = "EGL takes native displays as bare pointers")]
fn display(egl: &Egl) -> Result<egl::Display, Problem> {
    let none = std::ptr::null_mut();
    // SAFETY: the surfaceless platform's native display is the null pointer, and so is the
    // default one; the list of attributes is empty and ends as it must.
    let surfaceless = unsafe { egl.get_platform_display(SURFACELESS, none, &[egl::ATTRIB_NONE]) };
    let found = surfaceless.ok().filter(|d| egl.initialize(*d).is_ok());
    if let Some(display) = found {
        return Ok(display);
    }
    // SAFETY: as above.
    let default = unsafe { egl.get_display(egl::DEFAULT_DISPLAY) };
    let display = default.ok_or_else(|| no_graphics(&"no EGL display"))?;
    egl.initialize(display)
        .map_err(|e| no_graphics(&format!("EGL: {e}")))?;
    Ok(display)
}

#[expect(
    unsafe_code,
    reason = "glow loads OpenGL's functions from bare pointers"
)]
fn current(
    egl: &Egl,
    display: egl::Display,
) -> Result<Result<Context, three_d::CoreError>, egl::Error> {
    // Without this the default is WINDOW, which the surfaceless platform has none of.
    let wanted = [
        egl::SURFACE_TYPE,
        egl::PBUFFER_BIT,
        egl::RENDERABLE_TYPE,
        egl::OPENGL_BIT,
        egl::NONE,
    ];
    let config = egl
        .choose_first_config(display, &wanted)?
        .ok_or(egl::Error::BadConfig)?;
    let version = [
        egl::CONTEXT_MAJOR_VERSION,
        3,
        egl::CONTEXT_MINOR_VERSION,
        3,
        egl::CONTEXT_OPENGL_PROFILE_MASK,
        egl::CONTEXT_OPENGL_CORE_PROFILE_BIT,
        egl::NONE,
    ];
    let context = egl.create_context(display, config, None, &version)?;
    egl.make_current(display, None, None, Some(context))?;
    let address = |name: &str| -> *const c_void {
        egl.get_proc_address(name)
            .map_or(std::ptr::null(), |f| f as *const c_void)
    };
    // SAFETY: the context was made current on this thread just now, and stays so: the role has
    // one thread. What it is asked for comes from the driver of that context.
    let gl = unsafe { glow::Context::from_loader_function(address) };
    Ok(Context::from_gl_context(Arc::new(gl)))
}
