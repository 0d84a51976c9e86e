//! Whether an object is what it was planned to be, attribute by attribute. What is done about it is not known here.

use std::slice;

use tfplugin_rs::tf::{self, Attribute, Mode, Model, Value};

use super::{Call, Kind};

/// Attributes that every kind may have, and that are changed in a way of their own.
const COMMON: [&str; 3] = [REGION, "tags", "tags_all"];

/// The attribute that says where an object is.
pub(super) const REGION: &str = "region";

/// What is taken over has to become as planned. Where it cannot be changed to that, the next plan would replace it, which is
/// to delete what this configuration did not make.
pub(super) fn refuse_another<K: Kind>(found: &K::Model, planned: &K::Model) -> tf::Result<()> {
    let counts = |it: &Attribute, planned: &Value| it.replace && !planned.is_null();
    let Some((name, found, planned)) = difference(found, planned, counts)? else {
        return Ok(());
    };
    Err(tf::Error::new(format!(
        "The {} that is there already has {name} = {}, which AWS cannot change to {}. Set {name} to what it has, or \
         delete it first.",
        K::TITLE,
        tf::to_json(&found),
        tf::to_json(&planned)
    ))
    .at(name.as_str()))
}

/// Whether an object has what was required of it. What is not required may have been the API's choice.
pub(super) fn has_what_is_required<K: Kind>(
    cx: &Call<K>,
    found: &K::Object,
    planned: &K::Model,
) -> bool {
    let found = K::into_model(cx, found.clone(), planned);
    let counts = |it: &Attribute, _: &Value| it.mode == Mode::Required;
    matches!(difference(&found, planned, counts), Ok(None))
}

/// Whether an object has become as planned, its tags apart. What the plan leaves to the API does not count.
pub fn is_as_planned<M: Model>(found: &M, planned: &M) -> bool {
    let counts = |it: &Attribute, planned: &Value| {
        can_change(it) && !(it.is_computed() && planned.is_null())
    };
    matches!(difference(found, planned, counts), Ok(None))
}

/// Whether there may be something to change, the tags apart. Which requests it takes, if any, is for the kind to say.
pub(super) fn differs<M: Model>(prior: &M, planned: &M) -> tf::Result<bool> {
    let (prior, planned) = (tf::to_value(prior)?, tf::to_value(planned)?);
    let differs = |it: &Attribute| prior.get(&it.name) != planned.get(&it.name);
    // What the provider computes and the plan knows is to become so, such as the policy of a workload.
    let is_computed_to_be = |it: &Attribute| {
        it.mode == Mode::Computed && it.usual.is_none() && !planned.get(&it.name).is_null()
    };
    let counts = |it: &Attribute| {
        let is_common = COMMON.contains(&it.name.as_str());
        can_change(it) || (is_computed_to_be(it) && !is_common)
    };
    Ok(M::attributes().iter().any(|it| counts(it) && differs(it)))
}

fn can_change(it: &Attribute) -> bool {
    let is_common = COMMON.contains(&it.name.as_str());
    let counts_alone = !it.write_once && !it.companion;
    it.mode != Mode::Computed && counts_alone && !is_common
}

/// The first attribute that counts and means something else than planned: its name, what it is, and what it is planned
/// to be, by which may be judged whether it counts.
fn difference<M: Model>(
    actual: &M,
    planned: &M,
    counts: impl Fn(&Attribute, &Value) -> bool,
) -> tf::Result<Option<(String, Value, Value)>> {
    let (actual, planned) = (tf::to_value(actual)?, tf::to_value(planned)?);
    let difference = M::attributes().into_iter().find_map(|it| {
        let differs = !tf::differences(slice::from_ref(&it), &planned, &actual).is_empty();
        let (actual, planned) = (actual.get(&it.name), planned.get(&it.name));
        let counts = differs && counts(&it, planned);
        counts.then(|| (it.name, actual.clone(), planned.clone()))
    });
    Ok(difference)
}
