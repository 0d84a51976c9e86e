//! The smallest provider: it manages text files.

use std::process::ExitCode;
use std::{fs, io};

use tfplugin_rs::model;
use tfplugin_rs::plugin::{self, Options, Service};
use tfplugin_rs::tf::{
    Call, Configuration, Diagnostics, Error, Provider, Registry, Resource, Result, Schema,
};

fn main() -> ExitCode {
    let options = Options::new("example/tiny", env!("CARGO_PKG_VERSION"));
    plugin::serve(options, Service::<Tiny>::new)
}

struct Tiny;

impl Provider for Tiny {
    type Context = (); // What every call gets. A real provider keeps its API client here.

    const NAME: &'static str = "tiny";

    fn schema() -> Schema {
        Schema::default() // The provider block has no arguments.
    }

    async fn configure(_: Configuration) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn registry() -> Registry<()> {
        Registry::new().resource::<File>()
    }
}

model! {
    /// A text file.
    pub struct File {
        /// Path of the file.
        pub path: String => replace,
        /// Content of the file.
        pub content: String,
        /// Size of the file in bytes.
        pub size: Option<i64> => computed follows(["content"]),
    }
}

impl Resource for File {
    type Context = ();
    type Model = Self;

    const NAME: &'static str = "file";
    const TITLE: &'static str = "file";
    const IDENTITY: &'static [&'static str] = &["path"];

    async fn create(_: &Call<()>, planned: File) -> Result<File> {
        write(planned)
    }

    async fn read(_: &Call<()>, prior: File) -> Result<Option<File>> {
        match fs::read_to_string(&prior.path) {
            Ok(content) => Ok(Some(File { content, ..prior }.measured())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::new(error.to_string()).at("path")),
        }
    }

    async fn update(_: &Call<()>, _: File, planned: File) -> Result<File> {
        write(planned)
    }

    async fn delete(_: &Call<()>, prior: File) -> Result<()> {
        match fs::remove_file(&prior.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::new(error.to_string()).at("path"))
            }
            _ => Ok(()),
        }
    }

    fn import(id: &str) -> Result<File> {
        let path = id.to_owned();
        Ok(File {
            path,
            ..File::default()
        })
    }
}

impl File {
    fn measured(self) -> File {
        let size = i64::try_from(self.content.len()).ok();
        File { size, ..self }
    }
}

fn write(file: File) -> Result<File> {
    match fs::write(&file.path, &file.content) {
        Ok(()) => Ok(file.measured()),
        Err(error) => Err(Error::new(error.to_string()).at("path")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tfplugin_rs::tf::Value;
    use tfplugin_rs::tf::core_rules::{Action, FakeCore, Instance};

    use super::*;

    /// Plans and applies as Terraform does, and expects no difference afterwards.
    #[tokio::test]
    async fn files_are_created_updated_and_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let config = |content: &str| {
            Value::object([
                ("path", path.to_str()),
                ("content", Some(content)),
                ("size", None),
            ])
        };
        let registry = Tiny::registry();
        let core = FakeCore::new(&*registry.resources[0], Arc::new(()));
        let mut file = Instance::default();

        for (config, expected) in [
            (config("a"), Action::Create),
            (config("bc"), Action::Update),
        ] {
            let action = core.apply_and_settle(&mut file, &config, &config).await;
            assert_eq!(action, Ok(expected));
        }
        assert_eq!(file.state.get("size").as_i64(), Some(2));
        assert_eq!(fs::read_to_string(&path).unwrap(), "bc");

        let plan = core.plan(&file, &Value::Null).await.unwrap();
        core.apply(&mut file, plan, &Value::Null).await.unwrap();
        assert!(!path.exists());
    }
}
