//! Objects of a cluster, and the life that all their kinds have in common.
//!
//! A kind says how it is named, which requests there are and which states it passes: [`Member`]. When to send the
//! requests, what to send again, how long to wait and what to leave in the state is [`Managed`]'s. What an object means
//! is not known here.

mod compare;
mod managed;

use aws_sdk_eks::Client;
use tfplugin_rs::tf::{self, Diagnostics, Model, Plan, Timeouts, Value};

use super::key::Key;
use crate::aws::{self, Call, Error, For, Found, Observed, Region, TagsAll};

pub(super) use compare::is_as_planned;
pub use managed::Managed;
pub(super) use managed::until_changed;

/// The states that objects of a kind pass, in AWS's words.
#[derive(Clone, Copy, Debug)]
pub struct States {
    /// While the object is being made.
    pub making: &'static [&'static str],
    /// Where making it ends well.
    pub made: &'static [&'static str],
    /// While it is being changed.
    pub changing: &'static [&'static str],
    /// Where a change can end, too: as ill as it was before, which is no failure of the change.
    pub ill: &'static [&'static str],
    /// While it is being deleted. What answers reads may learn of that a moment later, so that all other states are
    /// taken for it, too.
    pub leaving: &'static [&'static str],
}

impl States {
    /// A kind without states: [`Observed::status`] is empty.
    pub const NONE: Self = Self {
        making: &[],
        made: &[""],
        changing: &[],
        ill: &[],
        leaving: &[],
    };

    fn is_none(&self) -> bool {
        self.made == Self::NONE.made
    }
}

/// The states that the wait for a new object meets.
#[derive(Clone, Debug)]
pub struct Goal {
    /// On the way.
    pub pending: Vec<&'static str>,
    /// At the end.
    pub target: Vec<&'static str>,
}

impl From<States> for Goal {
    fn from(states: States) -> Self {
        Self {
            pending: [states.making, states.changing].concat(),
            target: states.made.to_vec(),
        }
    }
}

/// Where an object is and what all kinds need to know of its model.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Its region.
    pub region: &'a Region,
    /// Its cluster, and its name there; empty when it has none yet.
    pub key: Key<'a>,
    /// Its state, where the kind has states.
    pub status: Option<&'a str>,
    /// Its ARN and tags, where the kind has tags.
    pub tags: Option<(Option<&'a str>, &'a TagsAll)>,
}

impl<'a> Place<'a> {
    /// The place of an object without states and tags.
    pub fn new(region: &'a Region, cluster: &'a str, name: Option<&'a str>) -> Self {
        Self {
            region,
            key: Key::new(cluster, name.unwrap_or_default()),
            status: None,
            tags: None,
        }
    }

    /// The same, of a kind with two names.
    #[must_use]
    pub fn with_part(mut self, part: &'a str) -> Self {
        self.key.part = Some(part);
        self
    }

    /// The same, of a kind with states.
    #[must_use]
    pub fn with_status(self, status: Option<&'a str>) -> Self {
        Self { status, ..self }
    }

    /// The same, of a kind with tags. The ARN is `None` before there is an object.
    #[must_use]
    pub fn with_tags(self, arn: Option<&'a str>, tags_all: &'a TagsAll) -> Self {
        Self {
            tags: Some((arn, tags_all)),
            ..self
        }
    }
}

/// A kind of object that belongs to a cluster.
///
/// The requests are single ones: they neither repeat nor wait. A kind that has a boolean attribute `adopt_existing` takes
/// over what is there already.
pub trait Member: Send + Sync + 'static {
    /// Its attributes.
    type Model: Model;
    /// AWS's type for it.
    type Object: Observed + Clone + Sync + 'static;

    /// As [`tf::Resource::NAME`].
    const NAME: &'static str;
    /// As [`tf::Resource::TITLE`].
    const TITLE: &'static str;
    /// As [`tf::Resource::TIMEOUTS`].
    const TIMEOUTS: Timeouts = Timeouts::NONE;
    /// As [`tf::Resource::IDENTITY`]: the cluster, and the names in it.
    const IDENTITY: &'static [&'static str];
    /// Stands between cluster and names in import ids.
    const SEPARATOR: char = ':';
    /// The attribute to change when there is such an object already.
    const CLAIMS: &'static str = Self::IDENTITY[1];
    /// The type of hashicorp/aws that it mirrors; `moved` blocks take over its objects.
    const MIRRORS: &'static str;
    /// The states it passes.
    const STATES: States = States::NONE;
    /// Whether AWS takes one creation or deletion at a time in a cluster, so that those of this process queue up.
    const ONE_AT_A_TIME: bool = false;
    /// What a change is repeated for, as a whole: all its requests must bear that.
    const CHANGED_AFTER: &'static [For] = &[For::IamPropagation];
    /// What a deletion waits for: whatever is being changed has to end first.
    const DELETED_AFTER: &'static [For] = &[For::UpdateInProgress, For::NotActive];

    /// As [`tf::Resource::check`].
    fn check(config: &Value, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// As [`tf::Resource::adjust`].
    fn adjust(cx: &Call, plan: &mut Plan) -> impl Future<Output = tf::Result<()>> + Send {
        let _ = (cx, plan);
        async { Ok(()) }
    }

    /// Where an object is.
    fn place(model: &Self::Model) -> Place<'_>;

    /// The plan with what is chosen at apply, such as a name. The same for every attempt.
    fn chosen(cx: &Call, planned: Self::Model) -> Self::Model {
        let _ = cx;
        planned
    }

    /// How far a new object has to get, where the user has a say in that.
    fn goal(planned: &Self::Model) -> Goal {
        let _ = planned;
        Self::STATES.into()
    }

    /// Judges a new object that is still on its way. `looks` counts how often it has been looked at.
    ///
    /// # Errors
    ///
    /// It will not get there, although its state does not say so: an error of [`Kind::Failed`](crate::aws::Kind::Failed).
    fn judge(
        client: &Client,
        key: Key<'_>,
        object: &Self::Object,
        looks: u32,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        let _ = (client, key, object, looks);
        async { Ok(()) }
    }

    /// Asks for a new object, with the idempotency token.
    fn create(
        client: &Client,
        planned: &Self::Model,
        token: &str,
    ) -> impl Future<Output = Result<Self::Object, Error>> + Send;

    /// Waits for the update with which AWS makes the object, for kinds that are made by one: if it fails, it says why.
    fn until_updated(
        cx: &Call,
        client: &Client,
        made: &Self::Object,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        let _ = (cx, client, made);
        async { Ok(()) }
    }

    /// The object as AWS describes it; `None` when there is none of that name, or no such cluster.
    fn find(
        client: &Client,
        key: Key<'_>,
    ) -> impl Future<Output = Result<Option<Found<Self::Object>>, Error>> + Send;

    /// The name of the object that would stand in the way of a new one, if there can be one: the planned one, unless
    /// AWS chooses it.
    fn find_name(
        client: &Client,
        planned: &Self::Model,
    ) -> impl Future<Output = Result<Option<String>, Error>> + Send {
        let _ = client;
        let name = Self::place(planned).key.name.to_owned();
        async { Ok(Some(name)) }
    }

    /// Makes what belongs to a new object and takes requests of its own. By then the object is in the state.
    fn furnish(
        cx: &Call,
        client: &Client,
        planned: &Self::Model,
    ) -> impl Future<Output = aws::Result<()>> + Send {
        let _ = (cx, client, planned);
        async { Ok(()) }
    }

    /// Makes the object as planned, its tags apart. Kinds that take several requests for that, or an update to wait for,
    /// do so in here.
    fn change(
        cx: &Call,
        client: &Client,
        prior: &Self::Model,
        planned: &Self::Model,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        let _ = (cx, client, prior, planned);
        async { Ok(()) }
    }

    /// Asks for the deletion.
    fn delete(
        client: &Client,
        prior: &Self::Model,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// A model that has its place and no more, for imports.
    ///
    /// # Errors
    ///
    /// There are no such attributes.
    fn named(key: Key<'_>) -> tf::Result<Self::Model> {
        let names = Self::IDENTITY.iter().copied().zip(key.names());
        Ok(tf::from_value(&Value::object(names))?)
    }

    /// The model of what AWS describes. `known` is the plan or the prior state, and has what AWS does not tell.
    fn into_model(cx: &Call, object: Self::Object, known: &Self::Model) -> Self::Model;

    /// The same with what takes requests of its own to read. Asked for whenever an object goes into the state, not at every
    /// look of a wait.
    fn whole(
        cx: &Call,
        client: &Client,
        object: Self::Object,
        known: &Self::Model,
    ) -> impl Future<Output = aws::Result<Self::Model>> + Send {
        let _ = client;
        async { Ok(Self::into_model(cx, object, known)) }
    }
}
