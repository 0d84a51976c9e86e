//! Calls that belong to no API, for tests of the loops.

use std::sync::Arc;
use std::time::Duration;

use tfplugin_rs::tf::{Call, Stop};

use super::{Outlooks, Polling, Surroundings, Turns};

/// A context that is in no region, and looks every millisecond.
#[derive(Default)]
pub struct Nowhere {
    turns: Turns,
    outlooks: Outlooks,
}

impl Surroundings for Nowhere {
    fn polling(&self) -> Polling {
        Polling {
            min: Duration::from_millis(1),
            max: Duration::from_millis(2),
        }
    }

    fn turns(&self) -> &Turns {
        &self.turns
    }

    fn outlooks(&self) -> &Outlooks {
        &self.outlooks
    }

    fn qualified(&self, id: String, _: Option<&str>) -> String {
        id
    }
}

/// A call that may take that long.
pub fn call_for(timeout: Duration) -> Call<Nowhere> {
    let context = Arc::new(Nowhere::default());
    Call::new(context, Stop::default(), timeout, "token".to_owned())
}
