//! The description of an object: its attributes and blocks and how each of them behaves.
//!
//! Everything that planning, validation, decoding and the published documentation know comes from here. The words that
//! [`model!`](crate::model) accepts after `=>` are in `words`.

mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::{Path, Step, Type, Value, nested};

/// Schema of a resource, a data source, an ephemeral resource or the provider block.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Schema version of the stored state, for upgrades.
    pub version: i64,
    /// Description in Markdown.
    pub description: String,
    /// Reason for the deprecation, if it is deprecated.
    pub deprecated: Option<&'static str>,
    /// Attributes and blocks, in the order of declaration.
    pub attributes: Vec<Attribute>,
}

/// Who sets an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Required: the user.
    Required,
    /// Optional: the user, or nobody.
    Optional,
    /// Computed: the provider.
    Computed,
    /// Optional and computed: the user, or else the provider.
    OptionalComputed,
}

/// Arrangement of nested objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// One object, or null.
    Single,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// A map of objects.
    Map,
}

/// Shape of an attribute, in HCL and in values.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A value of a type without attributes of its own: `name = "x"`.
    Leaf(Type),
    /// A nested attribute: `scope = { … }`.
    Nested(Nesting, Vec<Attribute>),
    /// A block: `vpc_config { … }`. With `single` the list holds at most one.
    Block {
        /// List or set; a `Single` block is what `timeouts` is.
        nesting: Nesting,
        /// Whether the list holds at most one object. Models then have an option instead of a list.
        single: bool,
        /// Attributes of the block.
        attributes: Vec<Attribute>,
    },
    /// A block that the provider fills in if it is absent.
    ///
    /// Protocol 6 before 6.11 has no computed blocks. Terraform and OpenTofu do accept block syntax for an attribute
    /// of type `list(object)` (`blocktoattr.FixUpBlockAttrs`), and an attribute may be computed; so that is what goes
    /// over the wire. Such a block is computed as a whole; its attributes cannot be computed one by one.
    ComputedBlock(Vec<Attribute>),
}

/// How two spellings of a value are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Equality {
    /// As Terraform compares them.
    #[default]
    Exact,
    /// As JSON documents.
    Json,
    /// As text without regard to case.
    IgnoreCase,
}

/// Check of a known value. `Err` says what is expected, such as `must be valid JSON`.
pub type Check = Arc<dyn Fn(&Value) -> Result<(), String> + Send + Sync>;

/// One attribute or block of an object. Usually made by [`model!`](crate::model); each word after `=>` is one of the
/// methods.
#[derive(Clone)]
pub struct Attribute {
    /// Name in HCL.
    pub name: String,
    /// Description in Markdown.
    pub description: String,
    /// Shape.
    pub shape: Shape,
    /// Who sets the value.
    pub mode: Mode,
    /// See [`Attribute::sensitive`].
    pub sensitive: bool,
    /// See [`Attribute::write_only`].
    pub write_only: bool,
    /// See [`Attribute::deprecated`].
    pub deprecated: Option<&'static str>,
    /// See [`Attribute::default`].
    pub default: Option<Value>,
    /// See [`Attribute::reverts_to`].
    pub reverts_to: Option<Value>,
    /// See [`Attribute::keep`].
    pub keep: bool,
    /// See [`Attribute::follows`].
    pub follows: Vec<&'static str>,
    /// See [`Attribute::usual`].
    pub usual: Option<Value>,
    /// See [`Attribute::unfinished`].
    pub unfinished: Vec<&'static str>,
    /// See [`Attribute::failed`].
    pub failed: Vec<&'static str>,
    /// See [`Attribute::replace`].
    pub replace: bool,
    /// See [`Attribute::write_once`].
    pub write_once: bool,
    /// See [`Attribute::companion`].
    pub companion: bool,
    /// How spellings are compared.
    pub equality: Equality,
    /// Valid values, if the list is closed. See [`Attribute::one_of`].
    pub allowed: Vec<String>,
    /// Checks of the known value. See [`Attribute::check`].
    pub checks: Vec<Check>,
}

impl fmt::Debug for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:?}): {:?}", self.name, self.mode, self.shape)
    }
}

impl Attribute {
    /// Creates a required attribute of the given shape.
    pub fn required(name: impl Into<String>, shape: Shape, description: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: description.into(),
            shape,
            mode: Mode::Required,
            sensitive: false,
            write_only: false,
            deprecated: None,
            default: None,
            reverts_to: None,
            keep: false,
            follows: Vec::new(),
            usual: None,
            unfinished: Vec::new(),
            failed: Vec::new(),
            replace: false,
            write_once: false,
            companion: false,
            equality: Equality::Exact,
            allowed: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// Value to plan for an existing object if the user sets nothing. `None` if its value is kept.
    pub fn when_absent(&self) -> Option<&Value> {
        self.default.as_ref().or(self.reverts_to.as_ref())
    }

    /// Whether the provider may set it.
    pub fn is_computed(&self) -> bool {
        matches!(self.mode, Mode::Computed | Mode::OptionalComputed)
    }

    /// Whether it is a block on the wire.
    pub fn is_block(&self) -> bool {
        matches!(self.shape, Shape::Block { .. })
    }

    /// Attributes of the objects inside, for nested attributes and blocks.
    pub fn inner(&self) -> Option<&[Attribute]> {
        match &self.shape {
            Shape::Leaf(_) => None,
            Shape::Nested(_, attributes)
            | Shape::ComputedBlock(attributes)
            | Shape::Block { attributes, .. } => Some(attributes),
        }
    }

    /// Type of its values.
    pub fn ty(&self) -> Type {
        self.shape.ty()
    }
}

impl Shape {
    /// Type of values of this shape.
    pub fn ty(&self) -> Type {
        match self {
            Self::Leaf(ty) => ty.clone(),
            Self::Nested(nesting, attributes)
            | Self::Block {
                nesting,
                attributes,
                ..
            } => nesting.ty(object_type(attributes)),
            Self::ComputedBlock(attributes) => Type::list(object_type(attributes)),
        }
    }

    /// What stands for nothing where an expression counts on something: an empty collection, or else null.
    pub(crate) fn empty(&self) -> Value {
        let nesting = match self {
            Self::Leaf(Type::List(_)) => Some(Nesting::List),
            Self::Leaf(Type::Set(_)) => Some(Nesting::Set),
            Self::Leaf(Type::Map(_)) => Some(Nesting::Map),
            other => other.nesting(),
        };
        nesting.map_or(Value::Null, Nesting::empty)
    }

    /// Arrangement of the objects inside. `None` for a leaf.
    pub fn nesting(&self) -> Option<Nesting> {
        match self {
            Self::Leaf(_) => None,
            Self::Nested(nesting, _) | Self::Block { nesting, .. } => Some(*nesting),
            Self::ComputedBlock(_) => Some(Nesting::List),
        }
    }

    /// Whether it is a list of at most one object.
    pub fn is_single_in_list(&self) -> bool {
        matches!(
            self,
            Self::ComputedBlock(_) | Self::Block { single: true, .. }
        )
    }
}

impl Nesting {
    /// A collection with nothing in it; null for one that is no collection.
    pub(crate) fn empty(self) -> Value {
        match self {
            Self::Single => Value::Null,
            Self::List => Value::List(Vec::new()),
            Self::Set => Value::set::<Value>([]),
            Self::Map => Value::Map(BTreeMap::new()),
        }
    }

    fn ty(self, object: Type) -> Type {
        match self {
            Self::Single => object,
            Self::List => Type::list(object),
            Self::Set => Type::set(object),
            Self::Map => Type::map(object),
        }
    }
}

impl Schema {
    /// Attribute with this name, at the root.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
    }

    /// Type of the object.
    pub fn ty(&self) -> Type {
        object_type(&self.attributes)
    }

    /// Whether there is an attribute, or a place inside one, at a path. What entries a map has is not the schema's to say.
    pub fn has(&self, path: &Path) -> bool {
        let mut attributes = self.attributes.as_slice();
        for step in path.steps() {
            let Step::Attribute(name) = step else {
                continue;
            };
            let Some(attribute) = attributes.iter().find(|it| it.name == *name) else {
                return false;
            };
            match (attribute.inner(), attribute.ty()) {
                (Some(inner), _) => attributes = inner,
                // Entries of a map may be written like attributes.
                (None, Type::Map(_) | Type::Object(_) | Type::Dynamic) => return true,
                (None, _) => attributes = &[],
            }
        }
        true
    }
}

/// The object type that these attributes make up.
pub(crate) fn object_type(attributes: &[Attribute]) -> Type {
    Type::Object(
        attributes
            .iter()
            .map(|a| (a.name.clone(), a.ty()))
            .collect(),
    )
}

/// The object in which every attribute is absent: null, or no block.
pub(crate) fn absent_object(attributes: &[Attribute]) -> Value {
    let members: BTreeMap<_, _> = attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), absent(attribute)))
        .collect();
    Value::Object(members)
}

/// The value with every object in it complete: what it does not name is at its own default, or absent.
pub(crate) fn completed(attributes: &[Attribute], value: &Value) -> Value {
    nested::map(value, |object| {
        let member = |attribute: &Attribute| {
            let value = match (object.find(&attribute.name), attribute.inner()) {
                (Value::Null, _) => attribute
                    .default
                    .clone()
                    .unwrap_or_else(|| absent(attribute)),
                (value, Some(inner)) => completed(inner, value),
                (value, None) => value.clone(),
            };
            (attribute.name.clone(), value)
        };
        Value::Object(attributes.iter().map(member).collect())
    })
}

/// What an attribute is when nothing is set: null, or an empty collection for a block.
pub(crate) fn absent(attribute: &Attribute) -> Value {
    match attribute.shape {
        Shape::Block { nesting, .. } => nesting.empty(),
        // What is only told is a list that is always there, so that expressions can count on it.
        Shape::ComputedBlock(_) if attribute.mode == Mode::Computed => Nesting::List.empty(),
        _ => Value::Null,
    }
}
