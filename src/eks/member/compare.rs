//! Whether an object is what it was planned to be, attribute by attribute. What is done about it is not known here.

use std::slice;

use tfplugin_rs::tf::{self, Attribute, Mode, Model, Value};

use super::Member;
use crate::aws::{Call, Region};

/// What is taken over has to become as planned. Where AWS cannot change it to that, the next plan would replace it, which
/// is to delete what is somebody else's.
pub(super) fn refuse_another<M: Member>(found: &M::Model, planned: &M::Model) -> tf::Result<()> {
    let counts = |it: &Attribute, planned: &Value| it.replace && !planned.is_null();
    let Some((name, found, planned)) = difference(found, planned, counts)? else {
        return Ok(());
    };
    Err(tf::Error::new(format!(
        "The {} that is there already has {name} = {}, which AWS cannot change to {}. Set {name} to what it has, or \
         delete it first.",
        M::TITLE,
        tf::to_json(&found),
        tf::to_json(&planned)
    ))
    .at(name.as_str()))
}

/// Whether an object is what was asked for, as far as can be said: EKS does not tell the token that most objects were
/// made with. What is not required may have been AWS's choice.
pub(super) fn is_what_was_asked<M: Member>(
    cx: &Call,
    found: &M::Object,
    planned: &M::Model,
) -> bool {
    let found = M::into_model(cx, found.clone(), planned);
    let counts = |it: &Attribute, _: &Value| it.mode == Mode::Required;
    matches!(difference(&found, planned, counts), Ok(None))
}

/// Whether an object has become as planned, its tags apart. What the plan leaves to AWS does not count.
pub fn is_as_planned<M: Model>(found: &M, planned: &M) -> bool {
    let counts = |it: &Attribute, planned: &Value| {
        can_change(it) && !(it.is_computed() && planned.is_null())
    };
    matches!(difference(found, planned, counts), Ok(None))
}

/// Whether there may be something to change that the user can set, the tags apart. Which requests it takes, if any, is
/// for the kind to say.
pub(super) fn differs<M: Member>(prior: &M::Model, planned: &M::Model) -> tf::Result<bool> {
    let (prior, planned) = (tf::to_value(prior)?, tf::to_value(planned)?);
    let differs = |it: &Attribute| prior.get(&it.name) != planned.get(&it.name);
    let mut attributes = M::Model::attributes().into_iter();
    Ok(attributes.any(|it| can_change(&it) && differs(&it)))
}

fn can_change(it: &Attribute) -> bool {
    let is_common = [Region::NAME, "tags", "tags_all"].contains(&it.name.as_str());
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
