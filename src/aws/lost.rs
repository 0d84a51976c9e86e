//! Watching a client for answers that never came.
//!
//! The SDK repeats requests by itself and tells the last outcome only, so every attempt is looked at, below it.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::FinalizerInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use super::error::never_connected;
use crate::api::LostAnswers;

/// Writes down which answers were lost, as an interceptor of a client.
#[derive(Clone, Debug)]
pub struct Watch(pub LostAnswers);

#[dyn_dispatch_hint]
impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "LostAnswers"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let is_lost = match (context.response(), context.output_or_error()) {
            // A server, or a proxy before it, that failed half way.
            (Some(response), _) => response.status().is_server_error(),
            (None, Some(Err(error))) => !error
                .as_connector_error()
                .is_some_and(|error| error.is_user() || never_connected(error)),
            (None, _) => false,
        };
        if is_lost {
            self.0.add();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Client;
    use crate::aws::testing::{Answer, Replay, error, settings};

    /// Whether an answer was lost on the way to the last of `answers`.
    async fn loses(answers: Vec<Answer>) -> bool {
        let mut settings = settings();
        settings.retry.max_attempts = Some(answers.len().try_into().unwrap());
        let context = Replay::new(answers).context(settings);
        let lost = LostAnswers::default();
        let client = context.eks(None).await.unwrap().watched(&lost);
        let _ = client.delete_cluster().name("demo").send().await;
        lost.any()
    }

    #[tokio::test]
    async fn sees_what_the_sdk_repeats_by_itself() {
        let refused = || error(409, "ResourceInUseException", "Cluster already exists");
        assert!(!loses(vec![refused()]).await);
        assert!(loses(vec![Answer::Lost, refused()]).await);
        assert!(loses(vec![Answer::Lost]).await);
        assert!(loses(vec![error(500, "ServerException", "…"), refused()]).await);
    }

    #[tokio::test]
    async fn what_was_never_sent_is_not_lost() {
        assert!(!loses(vec![Answer::Refused]).await);
    }
}
