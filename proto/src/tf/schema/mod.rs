//! The description of an object: its attributes and blocks and how each of them behaves.
//!
//! Everything that planning, validation, decoding and the published documentation know comes from here. The words that
//! [`model!`](crate::model) accepts after `=>` are in `words`.

mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::{Type, Value, nested};

/// The description of one kind of object.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Version of the stored state, for upgrades.
    pub version: i64,
    /// What the object is, in Markdown.
    pub description: String,
    /// Why not to use it any more.
    pub deprecated: Option<&'static str>,
    /// Attributes and blocks, in the order of declaration.
    pub attributes: Vec<Attribute>,
}

/// Who sets an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The user, always.
    Required,
    /// The user, or nobody.
    Optional,
    /// The provider only.
    Computed,
    /// The user, or else the provider.
    OptionalComputed,
}

/// How nested objects are arranged.
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

/// What an attribute looks like in HCL and in values.
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
        /// At most one, so that models see an option instead of a list.
        single: bool,
        /// What is inside.
        attributes: Vec<Attribute>,
    },
    /// A block that the provider fills in when it is absent.
    ///
    /// Protocol 6 before 6.11 has no computed blocks. Terraform and OpenTofu do accept block syntax for an attribute
    /// of type `list(object)` (`blocktoattr.FixUpBlockAttrs`), and an attribute may be computed; so that is what goes
    /// over the wire. The price: what is inside cannot be computed one by one, the whole is.
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

/// A test of a known value: `Err` says what is wrong with it, completing "… , got …".
pub type Check = Arc<dyn Fn(&Value) -> Result<(), String> + Send + Sync>;

/// One attribute or block of an object.
#[derive(Clone)]
pub struct Attribute {
    /// Its name in HCL.
    pub name: String,
    /// What it is, in Markdown.
    pub description: String,
    /// What it looks like.
    pub shape: Shape,
    /// Who sets it.
    pub mode: Mode,
    /// Masked in output.
    pub sensitive: bool,
    /// Sent to the provider, never stored.
    pub write_only: bool,
    /// Why not to use it any more.
    pub deprecated: Option<&'static str>,
    /// Value taken when the user gives none.
    pub default: Option<Value>,
    /// Value that an existing object goes back to when the user gives none any more.
    pub reverts_to: Option<Value>,
    /// A computed value that no update changes.
    pub keep: bool,
    /// A computed value that changes only together with one of these attributes of the same object.
    pub follows: Vec<&'static str>,
    /// What a computed value is when all is well: an update keeps it then, and may change any other.
    pub usual: Option<Value>,
    /// Values of a computed attribute with which the object is still being made.
    pub unfinished: Vec<&'static str>,
    /// Values of a computed attribute with which nothing came of the object, and nothing will.
    pub failed: Vec<&'static str>,
    /// A change means a new object.
    pub replace: bool,
    /// Given at creation and never returned by the API: later changes in configuration mean nothing.
    pub write_once: bool,
    /// A change means something to the API only together with another change of the object.
    pub companion: bool,
    /// How spellings compare.
    pub equality: Equality,
    /// Values the documentation lists, where the set is closed.
    pub allowed: Vec<String>,
    /// Tests of a known value.
    pub checks: Vec<Check>,
}

impl fmt::Debug for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:?}): {:?}", self.name, self.mode, self.shape)
    }
}

impl Attribute {
    /// An attribute of the given shape that the user must set.
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

    /// What an existing object has here when the user gives nothing; `None` when that is left as it is.
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

    /// The attributes inside, for nested attributes and blocks.
    pub fn inner(&self) -> Option<&[Attribute]> {
        match &self.shape {
            Shape::Leaf(_) => None,
            Shape::Nested(_, attributes)
            | Shape::ComputedBlock(attributes)
            | Shape::Block { attributes, .. } => Some(attributes),
        }
    }

    /// The type of its values.
    pub fn ty(&self) -> Type {
        self.shape.ty()
    }
}

impl Shape {
    /// The type of values of this shape.
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

    /// How objects inside are arranged; `None` for a leaf.
    pub fn nesting(&self) -> Option<Nesting> {
        match self {
            Self::Leaf(_) => None,
            Self::Nested(nesting, _) | Self::Block { nesting, .. } => Some(*nesting),
            Self::ComputedBlock(_) => Some(Nesting::List),
        }
    }

    /// Whether a list stands for at most one object.
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
    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
    }

    /// The type of the object.
    pub fn ty(&self) -> Type {
        object_type(&self.attributes)
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
            let value = match (object.get(&attribute.name), attribute.inner()) {
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
