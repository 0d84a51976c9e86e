//! A unix socket that only its owner can reach, and that leaves nothing behind. It must not know what is said on it.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::net::{UnixListener, UnixStream};

use super::start_error::StartError;

/// `sun_path` holds 108 bytes on Linux and 104 on macOS, the closing zero included.
const MAX_PATH: usize = 103;

/// Where to put the socket when the temporary directory's name is too long for it.
const SHORT_DIRECTORY: &str = "/tmp";

const OWNER_ONLY: u32 = 0o600;
const OWNER_AND_GROUP: u32 = 0o660;

pub(super) struct UnixSocket {
    listener: UnixListener,
    place: Place,
}

/// What is to be removed in the end.
enum Place {
    /// A directory of our own, mode 0700.
    Private { path: PathBuf, _directory: TempDir },
    /// A file in the host's directory. Hosts that run plugins in containers translate this path by its last part
    /// alone, so there can be no directory of our own in between.
    Shared(tempfile::TempPath),
}

impl UnixSocket {
    /// Binds in a new directory that only the owner can enter.
    pub(super) fn private() -> Result<Self, StartError> {
        let (path, directory) =
            private_place().map_err(StartError::unable("make a directory for the socket"))?;
        let listener = bind(&path, None)?;
        Ok(Self {
            listener,
            place: Place::Private {
                path,
                _directory: directory,
            },
        })
    }

    /// Binds in the directory that the host names, for the host's group if it names one.
    pub(super) fn shared(directory: &Path, group: Option<&str>) -> Result<Self, StartError> {
        let name = format!("plugin-{}", uuid::Uuid::new_v4().simple());
        let path = directory.join(name);
        let listener = bind(&path, group)?;
        let path = tempfile::TempPath::try_from_path(path)
            .map_err(StartError::unable("keep track of the socket"))?;
        Ok(Self {
            listener,
            place: Place::Shared(path),
        })
    }

    pub(super) fn path(&self) -> &Path {
        match &self.place {
            Place::Private { path, .. } => path,
            Place::Shared(path) => path,
        }
    }

    pub(super) async fn accept(&self) -> io::Result<UnixStream> {
        self.listener.accept().await.map(|(stream, _)| stream)
    }
}

fn private_place() -> io::Result<(PathBuf, TempDir)> {
    let make = |parent: &Path| {
        let directory = tempfile::Builder::new()
            .prefix("plugin-")
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(parent)?;
        io::Result::Ok((directory.path().join("socket"), directory))
    };
    let (path, directory) = make(&std::env::temp_dir())?;
    if path.as_os_str().len() <= MAX_PATH {
        return Ok((path, directory));
    }
    make(Path::new(SHORT_DIRECTORY))
}

fn bind(path: &Path, group: Option<&str>) -> Result<UnixListener, StartError> {
    let listener = UnixListener::bind(path)
        .map_err(StartError::unable(format!("listen on {}", path.display())))?;
    let mode = match group {
        None => OWNER_ONLY,
        Some(group) => {
            give_to(path, group).map_err(StartError::unable(format!(
                "give the socket to the group {group}"
            )))?;
            OWNER_AND_GROUP
        }
    };
    fs::set_permissions(path, Permissions::from_mode(mode))
        .map_err(StartError::unable("set the permissions of the socket"))?;
    Ok(listener)
}

fn give_to(path: &Path, group: &str) -> io::Result<()> {
    std::os::unix::fs::chown(path, None, Some(group_id(group)?))
}

/// The number of a group given by number or by name. Names are looked up in `/etc/group`, which is where a container
/// has them; the C library's lookup would need unsafe code.
fn group_id(group: &str) -> io::Result<u32> {
    if let Ok(id) = group.parse() {
        return Ok(id);
    }
    let known = fs::read_to_string("/etc/group")?;
    let id = known.lines().find_map(|line| {
        let mut fields = line.split(':');
        let named = fields.next() == Some(group);
        fields.nth(1).filter(|_| named)?.parse().ok()
    });
    id.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such group in /etc/group"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[tokio::test]
    async fn private_socket_is_owner_only_and_leaves_nothing() {
        let socket = UnixSocket::private().unwrap();
        let path = socket.path().to_owned();
        let directory = path.parent().unwrap();
        assert!(path.as_os_str().len() <= MAX_PATH);
        assert_eq!((mode(directory), mode(&path)), (0o700, 0o600));
        drop(socket);
        assert!(!directory.exists());
    }

    #[tokio::test]
    async fn shared_socket_lies_in_the_hosts_directory() {
        let directory = tempfile::tempdir().unwrap();
        let group = fs::metadata(directory.path()).unwrap().gid();
        let socket = UnixSocket::shared(directory.path(), Some(&group.to_string())).unwrap();
        let path = socket.path().to_owned();
        assert_eq!(path.parent(), Some(directory.path()));
        assert_eq!(
            (mode(&path), fs::metadata(&path).unwrap().gid()),
            (0o660, group)
        );
        drop(socket);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn group_by_name_or_number() {
        assert_eq!(group_id("1234").unwrap(), 1234);
        assert_eq!(group_id("daemon").unwrap(), 1);
        let error = group_id("no-such-group").unwrap_err();
        assert_eq!(error.to_string(), "no such group in /etc/group");
    }
}
