//! Blocks that the provider fills in when the user gives none.

use super::check;
use crate::model;

model! {
    /// Access.
    struct Access {
        /// Decided by the API when left out.
        pub mode: Option<String> => optional_computed replace,
        /// Has a default.
        pub public: Option<bool> => default(true),
        /// May be left out.
        pub note: Option<String>,
        /// Counts at creation.
        pub bootstrap: Option<bool> => write_once,
    }
}

model! {
    /// A block that the provider fills in.
    struct Filled {
        /// Access.
        pub access: Option<Access> => block optional_computed,
        /// Another one needs a new object.
        pub fixed: Option<Access> => block optional_computed replace,
        /// May be left out.
        pub note: Option<String>,
    }
}

#[test]
fn a_computed_block_is_open_when_absent_and_planned_as_written() {
    check::<Filled>("note: n", "-", "access: ?, fixed: ?, note: n");
    check::<Filled>("access: [{mode: m}]", "-", "access: [{mode: m}], fixed: ?");
    check::<Filled>("access: ?", "-", "access: ?, fixed: ?");
}

#[test]
fn a_computed_block_that_says_what_is_there_is_no_change() {
    let made = "access: [{mode: m, public: true, bootstrap: true}], fixed: []";
    check::<Filled>("", made, "no change");
    check::<Filled>("access: [], fixed: []", made, "no change");
    check::<Filled>("access: [{mode: m}]", made, "no change");
    check::<Filled>("access: [{public: true}]", made, "no change");
    check::<Filled>("access: [{mode: m, bootstrap: false}]", made, "no change");
    check::<Filled>(
        "access: [{bootstrap: true}]",
        "access: [{mode: m}], fixed: []",
        "no change",
    );
}

model! {
    /// A switch.
    struct Switch {
        /// On.
        pub on: Option<bool> => default(false),
    }
}

model! {
    /// Something with a switch.
    struct Switched {
        /// The switch.
        pub switch: Option<Switch> => block,
    }
}

model! {
    /// The whole.
    struct Machine {
        /// May be left to the API.
        pub storage: Option<Switched> => block optional_computed,
    }
}

#[test]
fn a_block_at_its_defaults_is_as_good_as_none() {
    let off = "storage: [{switch: [{on: false}]}]";
    check::<Machine>("storage: [{}]", off, "no change");
    check::<Machine>("storage: [{switch: []}]", off, "no change");
    check::<Machine>("storage: [{switch: [{}]}]", off, "no change");
    check::<Machine>(
        "storage: [{}]",
        "storage: [{switch: [{on: true}]}]",
        "storage: [{}]",
    );
    check::<Machine>(off, "storage: [{}]", "no change");
}

#[test]
fn a_computed_block_that_says_something_else_is_planned_as_written() {
    let made = "access: [{mode: m, public: false, note: n}], fixed: []";
    check::<Filled>(
        "access: [{mode: m, public: true, note: n}]",
        made,
        "access: [{mode: m, public: true, note: n}], fixed: []",
    );
    // Removing what only the user sets removes it, and removing what has a default goes back to that.
    check::<Filled>(
        "access: [{mode: m, public: false}]",
        made,
        "access: [{mode: m, public: false}], fixed: []",
    );
    check::<Filled>(
        "access: [{mode: m, note: n}]",
        made,
        "access: [{mode: m, note: n}], fixed: []",
    );
}

#[test]
fn a_computed_block_asks_for_replacement_only_when_it_says_something_else() {
    let made = "access: [{mode: m, public: true}], fixed: [{mode: m, public: true}]";
    check::<Filled>(
        "access: [{public: false}]",
        made,
        "access: [{public: false}], fixed: [{mode: m, public: true}]",
    );
    check::<Filled>(
        "access: [{mode: o}]",
        made,
        "access: [{mode: o}], fixed: [{mode: m, public: true}]; replace access[0].mode",
    );
    check::<Filled>(
        "fixed: [{bootstrap: true}], note: n",
        made,
        "access: [{mode: m, public: true}], fixed: [{mode: m, public: true}], note: n",
    );
    check::<Filled>(
        "fixed: [{note: n}]",
        made,
        "access: [{mode: m, public: true}], fixed: [{note: n}]; replace fixed",
    );
}

/// Terraform takes such a block as configured or as it was. With something unknown inside it has to be as configured,
/// although at apply it may turn out to be what is there already; the plan made then keeps what the API filled in, and
/// Terraform calls that an inconsistent final plan. Only a computed block of protocol 6.11 can do better.
#[test]
fn a_computed_block_with_something_unknown_inside_is_planned_as_written() {
    check::<Filled>(
        "access: [{mode: ?}]",
        "access: [{mode: m, public: true}], fixed: []",
        "access: [{mode: ?}], fixed: []; replace access[0].mode",
    );
}
