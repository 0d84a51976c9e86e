//! `model!`: one declaration that is both a Rust struct and a schema.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Attribute;

/// A struct whose fields are attributes. Made by [`model!`](crate::model).
pub trait Model: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// What it is, in Markdown: the doc comment of the struct.
    const DESCRIPTION: &'static str;

    /// Its attributes, in the order of the fields. They are built once per process, so they must always be the same.
    fn attributes() -> Vec<Attribute>;
}

/// Declares a struct together with its schema.
///
/// The type of a field gives the shape (`Option` is optional, `BTreeSet<String>` a set of strings, another model a
/// nested object), its doc comment the published description, and each word after `=>` is a method of
/// [`Attribute`](crate::tf::Attribute).
///
/// ```
/// tfplugin_rs::model! {
///     /// Binds a Kubernetes service account to an IAM role.
///     pub struct Association {
///         /// Cluster the service account lives in.
///         pub cluster_name: String => replace,
///         /// Whether session tags are left out.
///         pub disable_session_tags: Option<bool> => default(false),
///         /// ARN of the association.
///         pub association_arn: Option<String> => computed keep,
///     }
/// }
/// # use tfplugin_rs::tf::{Model, Mode};
/// assert!(Association::attributes()[0].replace);
/// assert_eq!(Association::attributes()[2].mode, Mode::Computed);
/// ```
#[macro_export]
macro_rules! model {
    (
        $(#[doc = $about:literal])+
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $doc:literal])+
                $field_vis:vis $field:ident : $ty:ty
                $(=> $($word:ident $(( $($argument:expr),* $(,)? ))?)+)?
            ),* $(,)?
        }
    ) => {
        $(#[doc = $about])+
        #[derive(
            Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord,
            $crate::serde::Serialize, $crate::serde::Deserialize,
        )]
        #[serde(crate = "tfplugin_rs::serde", default)]
        $vis struct $name {
            $($(#[doc = $doc])+ $field_vis $field: $ty,)*
        }

        impl $crate::tf::Model for $name {
            const DESCRIPTION: &'static str = concat!($($about, "\n"),+);

            fn attributes() -> Vec<$crate::tf::Attribute> {
                vec![$(
                    <$ty as $crate::tf::Field>::attribute(
                        stringify!($field).trim_start_matches("r#"),
                        $crate::tf::checks::prose(concat!($($doc, "\n"),+)).as_str(),
                    )
                    $($(.$word($($($argument),*)?))+)?
                ),*]
            }
        }

        impl $crate::tf::Field for $name {
            fn shape() -> $crate::tf::Shape {
                $crate::tf::Shape::Nested(
                    $crate::tf::Nesting::Single,
                    <Self as $crate::tf::Model>::attributes(),
                )
            }
        }
    };
}
