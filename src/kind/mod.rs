//! The life of an object, once for all kinds, whichever API they are in.
//!
//! A kind says how its objects are named, which requests there are and which states they pass: [`Kind`]. When to send the
//! requests, what to send again, how long to wait and what to leave in the state is [`Managed`]'s. No SDK and no service is
//! named here: client, parent and tagging come with the kind.

mod compare;
mod creating;
mod key;
mod managed;
mod parent;
mod place;
mod states;
mod tagging;
mod waiting;

use tfplugin_rs::tf::{self, Diagnostics, Model, Plan, Timeouts, Value};

use crate::api::{Client, Error, For, Found, Observed, Progress};

pub use compare::is_as_planned;
pub use key::Key;
pub use managed::Managed;
pub use parent::{Free, Parent};
pub use place::Place;
pub use states::States;
pub use tagging::{Tagging, Untagged};
pub use waiting::until_changed;

/// What a client is made and kept by.
pub type ContextOf<K> = <<K as Kind>::Client as Client>::Context;

/// One call about an object of a kind.
pub type Call<K> = tf::Call<ContextOf<K>>;

/// A kind of object.
///
/// The requests are single ones: they neither repeat nor wait. A kind that has a boolean attribute `adopt_existing` takes
/// over what is there already.
pub trait Kind: Sized + Send + Sync + 'static {
    /// Client of the API that it is in.
    type Client: Client;
    /// What its objects belong to: [`Free`] where that is nothing.
    type Parent: Parent<Self::Client>;
    /// How its tags are changed: [`Untagged`] where it has none.
    type Tagging: Tagging<Self::Client>;
    /// Its attributes.
    type Model: Model;
    /// The API's type for it.
    type Object: Observed + Clone + Sync + 'static;

    /// As [`tf::Resource::NAME`].
    const NAME: &'static str;
    /// As [`tf::Resource::TITLE`].
    const TITLE: &'static str;
    /// As [`tf::Resource::TIMEOUTS`].
    const TIMEOUTS: Timeouts = Timeouts::NONE;
    /// As [`tf::Resource::IDENTITY`]: the names of [`Place::key`], in their order.
    const IDENTITY: &'static [&'static str];
    /// Stands between the names in import ids.
    const SEPARATOR: char = ':';
    /// As [`tf::Resource::MOVES_FROM`].
    const MOVES_FROM: &'static [(&'static str, &'static str)] = &[];
    /// The attribute to change when there is such an object already; `None` where no change of one helps.
    const CONFLICT_ATTRIBUTE: Option<&'static str> = Some(last(Self::IDENTITY));
    /// The states that objects pass.
    const STATES: States = States::NONE;
    /// Whether objects are in no region. Then `region` says where to look for what they belong to, such as a cluster, and
    /// changes in place.
    const IS_GLOBAL: bool = false;
    /// Whether looks may lag behind what has been made or changed, as in IAM. Then an object is looked at until it is as
    /// planned, and what is not found after a change is looked for again.
    const LOOKS_LAG: bool = false;
    /// Whether there is one creation or deletion at a time in a parent, so that those of this process queue up.
    const ONE_AT_A_TIME: bool = false;
    /// Whether [`change`](Self::change) itself finds out what differs, and is called for every update, also for one of tags
    /// alone: for kinds that remember something about each change.
    const COMPARES: bool = false;
    /// What a change is repeated for, as a whole: all its requests must bear that.
    const CHANGED_AFTER: &'static [For] = &[For::Propagation];
    /// What a deletion waits for: whatever is being changed has to end first.
    const DELETED_AFTER: &'static [For] = &[For::UpdateInProgress, For::NotActive];

    /// As [`tf::Resource::carry_over`].
    fn carry_over(state: &mut serde_json::Map<String, serde_json::Value>) {
        let _ = state;
    }

    /// As [`tf::Resource::check`].
    fn check(config: &Value, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// As [`tf::Resource::adjust`].
    fn adjust(cx: &Call<Self>, plan: &mut Plan) -> impl Future<Output = tf::Result<()>> + Send {
        let _ = (cx, plan);
        async { Ok(()) }
    }

    /// Where an object is, and what all kinds need to know of its model.
    fn place(model: &Self::Model) -> Place<'_>;

    /// The plan with what is known or chosen only at apply, such as a name. The same for every attempt.
    fn resolve(
        cx: &Call<Self>,
        planned: Self::Model,
    ) -> impl Future<Output = tf::Result<Self::Model>> + Send {
        let _ = cx;
        async { Ok(planned) }
    }

    /// Asks for a new object, with the idempotency token.
    fn create(
        client: &Self::Client,
        planned: &Self::Model,
        token: &str,
    ) -> impl Future<Output = Result<Self::Object, Error>> + Send;

    /// The object as the API describes it; `None` when there is none of that place, or no parent.
    fn find(
        client: &Self::Client,
        known: &Self::Model,
    ) -> impl Future<Output = Result<Option<Found<Self::Object>>, Error>> + Send;

    /// The object that would stand in the way of a new one: that of the same place, unless the API chooses names.
    fn find_existing(
        client: &Self::Client,
        planned: &Self::Model,
    ) -> impl Future<Output = Result<Option<Found<Self::Object>>, Error>> + Send {
        Self::find(client, planned)
    }

    /// Whether an object that was found after an answer was lost is the one that was asked for, as far as can be said.
    fn is_what_was_asked(cx: &Call<Self>, found: &Self::Object, planned: &Self::Model) -> bool {
        compare::has_what_is_required::<Self>(cx, found, planned)
    }

    /// Whether a new object has come as far as is wanted, in the eyes of the user or of who knows more than its state says.
    /// `looks` counts how often it has been looked at.
    ///
    /// # Errors
    ///
    /// It will not get there, although its state does not say so: an error of
    /// [`ErrorKind::Failed`](crate::api::ErrorKind::Failed).
    fn progress(
        client: &Self::Client,
        planned: &Self::Model,
        object: &Self::Object,
        looks: u32,
    ) -> impl Future<Output = Result<Progress, Error>> + Send {
        let _ = (client, planned, looks);
        let progress = Self::STATES.progress(object.status());
        async move { Ok(progress) }
    }

    /// Makes what belongs to a new object and takes requests of its own. By then the object is in the state. Gives the plan,
    /// with what is known now.
    fn furnish(
        cx: &Call<Self>,
        client: &Self::Client,
        object: &Self::Object,
        planned: Self::Model,
    ) -> impl Future<Output = tf::Result<Self::Model>> + Send {
        let _ = (cx, client, object);
        async { Ok(planned) }
    }

    /// Makes the object as planned, its tags apart. Kinds that take several requests for that, or an update to wait for,
    /// do so in here.
    fn change(
        cx: &Call<Self>,
        client: &Self::Client,
        prior: &Self::Model,
        planned: &Self::Model,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        let _ = (cx, client, prior, planned);
        async { Ok(()) }
    }

    /// Whether an object is as planned, for kinds whose looks lag.
    fn is_as_planned(cx: &Call<Self>, object: &Self::Object, planned: &Self::Model) -> bool {
        is_as_planned(&Self::into_model(cx, object.clone(), planned), planned)
    }

    /// Asks for the deletion.
    fn delete(
        cx: &Call<Self>,
        client: &Self::Client,
        prior: &Self::Model,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// A model that has its names and no more, for imports.
    ///
    /// # Errors
    ///
    /// The id has another form; the message says which.
    fn import(id: &str) -> tf::Result<Self::Model> {
        managed::import::<Self>(id)
    }

    /// What an object is called in a message, with its article.
    fn description(model: &Self::Model) -> String {
        let key = Self::place(model).key;
        let names = key.names().skip(usize::from(!key.parent.is_empty()));
        let names: Vec<_> = names.collect();
        let whereabouts = Self::Parent::whereabouts(key.parent);
        format!("an {} {:?}{whereabouts}", Self::TITLE, names.join(", "))
    }

    /// The import id of an object, as [`import`](Self::import) reads it.
    fn import_id(model: &Self::Model) -> String {
        Self::place(model).key.join(Self::SEPARATOR)
    }

    /// The model of what the API describes. `known` is the plan or the prior state, and has what the API leaves out.
    fn into_model(cx: &Call<Self>, object: Self::Object, known: &Self::Model) -> Self::Model;

    /// The same with what takes requests of its own to read. Asked for whenever an object goes into the state, not at every
    /// look of a wait.
    fn read_full(
        cx: &Call<Self>,
        client: &Self::Client,
        object: Self::Object,
        known: &Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Error>> + Send {
        let _ = client;
        async { Ok(Self::into_model(cx, object, known)) }
    }
}

const fn last(names: &'static [&'static str]) -> &'static str {
    match names {
        [.., last] => last,
        [] => "id",
    }
}
