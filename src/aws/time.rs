//! Times as the SDK has them.

use std::time::SystemTime;

use aws_smithy_types::DateTime;

/// A time of AWS's on our clock; `None` where there is none, or one that no clock has.
pub fn system_time(time: Option<&DateTime>) -> Option<SystemTime> {
    SystemTime::try_from(*time?).ok()
}
