//! What a session can do: open and close projects, let annotators in, turn the owner's switch.
//!
//! The switch is the only rule kept in the shell, since it is the window's: without it, every
//! owner's command is refused before it reaches the project.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use tauri::{AppHandle, Manager};
use tiebreak_commands::dto::AnnotatorName;
use tiebreak_commands::import::Cancel;
use tiebreak_commands::{CommandError, Project, Result, SystemClock, annotators, projects};

use crate::media_server::MediaServer;
use crate::places::Places;
use crate::recent;
use crate::session::{Current, Session};

/// What the page may know of the session.
#[derive(Debug, Clone, Serialize)]
pub struct SessionState {
    project: Option<OpenProject>,
    annotator: Option<AnnotatorName>,
    owner: bool,
    /// The name of the file, where a work package is open: it is to be sent back.
    package: Option<String>,
    notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct OpenProject {
    name: String,
    /// For the owner alone: a folder's name may tell what an annotator must not know.
    path: Option<String>,
}

impl Session {
    /// The state as the page may know it. The project that the program was started on is opened
    /// by the first look.
    pub async fn state(&self, app: &AppHandle) -> Result<SessionState> {
        if let Some(folder) = self.take_start()
            && let Err(error) = self.enter(app, &folder).await
        {
            self.tell(error.to_string());
        }
        self.told(&*self.current.read().await).await
    }

    async fn told(&self, current: &Current) -> Result<SessionState> {
        let project = match &current.project {
            None => None,
            Some(project) => Some(OpenProject {
                name: project.settings().await?.name,
                path: current
                    .owner
                    .then(|| project.folder().display().to_string()),
            }),
        };
        Ok(SessionState {
            project,
            annotator: current.annotator.clone(),
            owner: current.owner,
            package: current.project.as_deref().and_then(sent_back),
            notice: self.take_notice(),
        })
    }

    /// Opens the project in `path`.
    pub async fn enter(&self, app: &AppHandle, path: &Path) -> Result<SessionState> {
        let project = projects::open(path, Arc::new(SystemClock)).await?;
        self.take(app, project, false).await
    }

    /// Makes a project; who makes one owns it.
    pub async fn make(
        &self,
        app: &AppHandle,
        path: &Path,
        wish: &projects::NewProject,
    ) -> Result<SessionState> {
        let project = projects::create(path, wish, Arc::new(SystemClock)).await?;
        project.log("owner", "on, by making the project").await?;
        self.take(app, project, true).await
    }

    async fn take(&self, app: &AppHandle, project: Project, owner: bool) -> Result<SessionState> {
        let name = project.settings().await?.name;
        recent::remember(&app.state::<Places>().config, project.folder(), &name);
        let mut current = self.current.write().await;
        leave(app, &mut current).await;
        // A work package is one person's: nobody is asked for a name.
        if project.package().is_some() {
            current.annotator = Some(annotators::labeller(&project, "", false).await?);
        }
        (current.project, current.owner) = (Some(Arc::new(project)), owner);
        self.told(&current).await
    }

    /// Closes what is open.
    pub async fn close(&self, app: &AppHandle) -> Result<SessionState> {
        let mut current = self.current.write().await;
        leave(app, &mut current).await;
        self.told(&current).await
    }

    /// Lets an annotator in: one that is known, or a new name.
    pub async fn pick(
        &self,
        app: &AppHandle,
        id: Option<&str>,
        name: Option<&str>,
    ) -> Result<SessionState> {
        let mut current = self.current.write().await;
        let project = current.project.as_ref().ok_or_else(nothing_open)?;
        project.refuse_package()?;
        let who = match (id, name) {
            (Some(id), _) => annotators::find(project, id).await?,
            (None, Some(name)) => annotators::add(project, name).await?,
            (None, None) => {
                return Err(CommandError::new(
                    "no_name",
                    "pick a name, or write a new one",
                ));
            }
        };
        forget_media(app);
        current.annotator = Some(who);
        self.told(&current).await
    }

    /// Goes back to the choice of names.
    pub async fn put_down(&self, app: &AppHandle) -> Result<SessionState> {
        let mut current = self.current.write().await;
        if let Some(project) = &current.project {
            project.refuse_package()?;
        }
        forget_media(app);
        current.annotator = None;
        self.told(&current).await
    }

    /// Turns the owner's screens on or off; the project's log says so.
    pub async fn set_owner(&self, app: &AppHandle, on: bool) -> Result<SessionState> {
        let mut current = self.current.write().await;
        let project = current.project.as_ref().ok_or_else(nothing_open)?;
        project.refuse_package()?;
        let who = current
            .annotator
            .as_ref()
            .map_or("nobody", |a| a.name.as_str());
        let how = if on { "on" } else { "off" };
        project
            .log("owner", &format!("{how}, while {who} was labelling"))
            .await?;
        forget_media(app);
        current.owner = on;
        self.told(&current).await
    }

    /// The open project.
    pub async fn project(&self) -> Result<Arc<Project>> {
        self.current
            .read()
            .await
            .project
            .clone()
            .ok_or_else(nothing_open)
    }

    /// The open project, for its owner alone.
    pub async fn owned(&self) -> Result<Arc<Project>> {
        let current = self.current.read().await;
        if !current.owner {
            return Err(CommandError::new(
                "not_owner",
                "this is the owner's: turn the owner's switch on first",
            ));
        }
        current.project.clone().ok_or_else(nothing_open)
    }

    /// Whether someone labels, without the owner's switch.
    pub async fn is_blind(&self) -> bool {
        let current = self.current.read().await;
        current.annotator.is_some() && !current.owner
    }

    /// The open project and who labels in it.
    pub async fn labelling(&self) -> Result<(Arc<Project>, AnnotatorName)> {
        let current = self.current.read().await;
        let project = current.project.clone().ok_or_else(nothing_open)?;
        let who = current.annotator.clone();
        Ok((
            project,
            who.ok_or_else(|| CommandError::new("no_annotator", "pick a name first"))?,
        ))
    }

    /// A switch for the import that begins now.
    pub async fn begin_import(&self) -> Cancel {
        let cancel = Cancel::default();
        self.current.write().await.import = Some(cancel.clone());
        cancel
    }

    /// Stops the import under way, if there is one.
    pub async fn cancel_import(&self) {
        if let Some(cancel) = &self.current.read().await.import {
            cancel.cancel();
        }
    }
}

impl Session {
    /// A switch for the run of a reward model that begins now.
    pub async fn begin_asking(&self) -> Cancel {
        let cancel = Cancel::default();
        self.current.write().await.asking = Some(cancel.clone());
        cancel
    }

    /// Stops the reward model that is being asked, if one is.
    pub async fn cancel_asking(&self) {
        if let Some(asking) = &self.current.read().await.asking {
            asking.cancel();
        }
    }
}

/// The name of the file of a work package.
fn sent_back(project: &Project) -> Option<String> {
    let name = project.package()?.file.file_name()?;
    Some(name.to_string_lossy().into_owned())
}

/// Closes the project; what was acknowledged is on disk already.
async fn leave(app: &AppHandle, current: &mut Current) {
    forget_media(app);
    let before = std::mem::take(current);
    for under_way in [before.import, before.asking].into_iter().flatten() {
        under_way.cancel();
    }
    if let Some(project) = before.project {
        project.close().await;
    }
}

/// No address of a medium outlives the session it was given in.
fn forget_media(app: &AppHandle) {
    if let Some(server) = &*app.state::<Option<MediaServer>>() {
        server.tickets().forget_all();
    }
}

fn nothing_open() -> CommandError {
    CommandError::new(
        "nothing_open",
        "no project is open: open one on the start screen",
    )
}

/// Where the demo's sources lie: where the variable says, or in the program's share folder.
pub(crate) fn demo_sources() -> Option<PathBuf> {
    let told = std::env::var_os("TIEBREAK_DEMO_SOURCES").map(PathBuf::from);
    let beside = std::env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.parent()?.join("share/tiebreak/demo")));
    [told, beside]
        .into_iter()
        .flatten()
        .find(|folder| folder.is_dir())
}
