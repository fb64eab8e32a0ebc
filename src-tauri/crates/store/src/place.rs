//! Where a project may live: on a disk of this machine, in no folder that a sync program rewrites.
//!
//! SQLite's WAL needs shared memory and honest locks; network file systems have neither, and sync
//! programs copy the database and its log at different moments.

use std::path::Path;

use crate::error::{Result, StoreError};

const NETWORK: [&str; 16] = [
    "nfs",
    "nfs3",
    "nfs4",
    "cifs",
    "smb",
    "smb2",
    "smb3",
    "smbfs",
    "afs",
    "ceph",
    "glusterfs",
    "ncpfs",
    "davfs",
    "lustre",
    "fuse.sshfs",
    "fuse.rclone",
];
const NETWORK_PREFIXES: [&str; 5] = [
    "fuse.gvfsd",
    "fuse.davfs",
    "fuse.s3fs",
    "fuse.ceph",
    "fuse.glusterfs",
];
/// What a sync program leaves in the top of the folder it keeps, and its name.
const SYNC_MARKERS: [(&str, &str); 7] = [
    (".dropbox", "Dropbox"),
    (".dropbox.cache", "Dropbox"),
    (".stfolder", "Syncthing"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "ownCloud"),
    (".tmp.drivedownload", "Google Drive"),
    (".849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive"),
];

/// Refuses a folder on a network file system or inside a synced one.
pub(crate) fn check(folder: &Path) -> Result<()> {
    let refuse = |why: String| {
        Err(StoreError::UnsafePlace {
            folder: folder.to_path_buf(),
            why,
        })
    };
    let there = nearest_existing(folder);
    if let Ok(table) = std::fs::read_to_string("/proc/self/mountinfo")
        && let Some(kind) = file_system_of(&table, &there)
        && is_network(&kind)
    {
        return refuse(format!("lies on a network file system ({kind})"));
    }
    if let Some(program) = synced_by(&there) {
        return refuse(format!(
            "lies in a folder that {program} keeps in step with other machines"
        ));
    }
    Ok(())
}

fn nearest_existing(folder: &Path) -> std::path::PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    absolute
        .ancestors()
        .find_map(|a| a.canonicalize().ok())
        .unwrap_or(absolute)
}

fn is_network(kind: &str) -> bool {
    NETWORK.contains(&kind) || NETWORK_PREFIXES.iter().any(|p| kind.starts_with(p))
}

/// The file system type of the mount that holds `path`, from the text of `/proc/self/mountinfo`
/// (see proc(5)): field 5 is the mount point, the type follows the lone dash.
fn file_system_of(mountinfo: &str, path: &Path) -> Option<String> {
    let mut best: Option<(usize, String)> = None;
    for line in mountinfo.lines() {
        let mut fields = line.split(' ');
        let Some(point) = fields.nth(4).map(unescape) else {
            continue;
        };
        let Some(kind) = fields.skip_while(|f| *f != "-").nth(1) else {
            continue;
        };
        let depth = Path::new(&point).components().count();
        // A later mount on the same point hides the earlier one.
        if path.starts_with(&point) && best.as_ref().is_none_or(|(d, _)| depth >= *d) {
            best = Some((depth, kind.to_owned()));
        }
    }
    best.map(|(_, kind)| kind)
}

/// Spaces, tabs, newlines and backslashes stand as octal escapes in mountinfo.
fn unescape(field: &str) -> String {
    field
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\")
}

fn synced_by(path: &Path) -> Option<&'static str> {
    path.ancestors().find_map(|folder| {
        SYNC_MARKERS
            .iter()
            .find(|(marker, _)| folder.join(marker).exists())
            .map(|(_, program)| *program)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /home/a\\040b rw - nfs4 server:/home rw
31 22 0:41 / /home/x rw,nosuid shared:3 master:1 - fuse.sshfs me@there:/ rw
32 22 0:42 / /home/x/local rw - btrfs /dev/vdb rw
33 22 0:43 / /srv rw - fuse.gvfsd-fuse gvfsd-fuse rw";

    #[test]
    fn the_innermost_mount_counts() {
        let at = |p: &str| file_system_of(MOUNTS, Path::new(p)).unwrap();
        assert_eq!(at("/tmp/p"), "ext4");
        assert_eq!(at("/home/a b/p"), "nfs4");
        assert_eq!(at("/home/x/p"), "fuse.sshfs");
        assert_eq!(at("/home/x/local/p"), "btrfs");
        assert_eq!(
            at("/home/xy"),
            "ext4",
            "a sibling with the same beginning is another folder"
        );
        assert!(is_network(&at("/srv/p")) && is_network(&at("/home/a b")));
        assert!(!is_network("ext4") && !is_network("fuseblk") && !is_network("overlay"));
    }

    #[test]
    fn a_synced_folder_is_refused_by_its_program() {
        let top = tempfile::tempdir().unwrap();
        let project = top.path().join("Sync").join("deep").join("p");
        assert!(
            check(&project).is_ok(),
            "a folder that is not there yet is judged by its parent"
        );
        std::fs::create_dir_all(top.path().join("Sync/.stfolder")).unwrap();
        let refusal = check(&project).unwrap_err().to_string();
        assert!(refusal.contains("Syncthing"), "{refusal}");
    }
}
