//! Several questions of the same kind, for what AWS lists by id and tells one by one.
//!
//! What is asked is not known here.

use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::Result;

/// How many requests are under way at once: enough for a long list, and not so many that AWS throttles them.
const AT_ONCE: usize = 5;

/// Asks for each id, a few at a time, and gives what there was, in the order of the ids. One that has gone since is none.
///
/// # Errors
///
/// Those of the first question that fails; others are not asked any more.
pub async fn ask_each<T, F>(ids: Vec<String>, ask: impl Fn(String) -> F) -> Result<Vec<T>>
where
    F: Future<Output = Result<Option<T>>>,
{
    let answers = stream::iter(ids).map(ask).buffered(AT_ONCE);
    let found: Vec<_> = answers.try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::api::{Error, ErrorKind};

    fn ids(count: usize) -> Vec<String> {
        (0..count).map(|id| id.to_string()).collect()
    }

    #[tokio::test]
    async fn asks_a_few_at_a_time_and_keeps_the_order() {
        let (under_way, most) = (Cell::new(0), Cell::new(0));
        let ask = async |id: String| {
            under_way.set(under_way.get() + 1);
            most.set(most.get().max(under_way.get()));
            // The later ones answer first.
            for _ in 0..20 - id.parse::<usize>().unwrap() {
                tokio::task::yield_now().await;
            }
            under_way.set(under_way.get() - 1);
            Ok((id != "7").then_some(id))
        };
        let found = ask_each(ids(20), ask).await.unwrap();
        assert_eq!(most.get(), AT_ONCE);
        let there: Vec<_> = ids(20).into_iter().filter(|id| id != "7").collect();
        assert_eq!(found, there);
    }

    #[tokio::test]
    async fn ends_with_the_first_error() {
        let asked = Cell::new(0);
        let ask = async |_| {
            asked.set(asked.get() + 1);
            Err::<Option<()>, _>(Error::new(
                "DescribeUpdate",
                "demo",
                ErrorKind::Other,
                "broken",
            ))
        };
        assert!(ask_each(ids(20), ask).await.is_err());
        assert!((1..=AT_ONCE).contains(&asked.get()), "{asked:?}");
    }
}
