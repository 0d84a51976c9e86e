//! The states that objects of a kind pass, as data.

use crate::api::Progress;

/// The states of a kind, in the API's words.
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
    /// A kind without states: [`Observed::status`](crate::api::Observed::status) is empty.
    pub const NONE: Self = Self {
        making: &[],
        made: &[""],
        changing: &[],
        ill: &[],
        leaving: &[],
    };

    pub(super) fn is_none(&self) -> bool {
        self.made == Self::NONE.made
    }

    /// How far a new object in that state has come.
    pub fn progress(&self, status: &str) -> Progress {
        match status {
            made if self.made.contains(&made) => Progress::Done,
            going if self.is_going(going) => Progress::Going,
            _ => Progress::Failed,
        }
    }

    /// Whether something happens to an object in that state.
    pub(super) fn is_going(&self, status: &str) -> bool {
        self.making.contains(&status) || self.changing.contains(&status)
    }

    pub(super) fn all(&self) -> Vec<&'static str> {
        let Self {
            making,
            made,
            changing,
            ill,
            leaving,
        } = self;
        [*making, made, changing, ill, leaving].concat()
    }
}
