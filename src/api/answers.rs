//! Answers that stay true as long as this process runs, such as a catalogue: each question is asked once, also when many
//! objects have it at the same time.
//!
//! Which answers are of that sort is for the caller to know. Errors are not kept.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

type Key = (TypeId, String);
type Cell = Arc<OnceCell<Arc<dyn Any + Send + Sync>>>;

/// The answers so far, by their type and the question.
#[derive(Default)]
pub struct Answers(Mutex<HashMap<Key, Cell>>);

impl Answers {
    /// The answer to a question, which `ask` asks unless it has been asked. Who comes meanwhile waits for the same answer.
    ///
    /// # Errors
    ///
    /// As `ask`, also for those who have waited. The next one asks again.
    pub async fn get<T, E>(
        &self,
        question: String,
        ask: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<Arc<T>, E>
    where
        T: Send + Sync + 'static,
        E: Clone + Send + Sync + 'static,
    {
        let key = (TypeId::of::<Result<T, E>>(), question);
        let cell = self.cell(&key);
        let ask = async || Arc::new(ask.await.map(Arc::new)) as Arc<_>;
        let answer: Arc<dyn Any + Send + Sync> = cell.get_or_init(ask).await.clone();
        let answer: Arc<Result<Arc<T>, E>> = answer
            .downcast()
            .unwrap_or_else(|_| unreachable!("answers are kept by their type"));
        if answer.is_err() {
            self.forget(&key, &cell);
        }
        (*answer).clone()
    }

    fn cells(&self) -> MutexGuard<'_, HashMap<Key, Cell>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cell(&self, key: &Key) -> Cell {
        self.cells().entry(key.clone()).or_default().clone()
    }

    /// Unless somebody has begun to ask again.
    fn forget(&self, key: &Key, cell: &Cell) {
        let mut cells = self.cells();
        if cells.get(key).is_some_and(|it| Arc::ptr_eq(it, cell)) {
            cells.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::join;
    use tokio::task::yield_now;

    use super::*;

    struct Asked(AtomicU32);

    impl Asked {
        async fn ask(&self, answer: Result<u32, &'static str>) -> Result<u32, &'static str> {
            self.0.fetch_add(1, Ordering::Relaxed);
            yield_now().await;
            answer
        }

        fn times(&self) -> u32 {
            self.0.load(Ordering::Relaxed)
        }
    }

    #[tokio::test]
    async fn asks_once_for_all_who_ask() {
        let (answers, asked) = (Answers::default(), Asked(AtomicU32::new(0)));
        let ask = |question: &str, answer| answers.get(question.to_owned(), asked.ask(Ok(answer)));
        let (one, other) = join!(ask("a", 1), ask("a", 2));
        assert_eq!((*one.unwrap(), *other.unwrap()), (1, 1));
        assert_eq!(*ask("a", 3).await.unwrap(), 1);
        assert_eq!(asked.times(), 1);
        assert_eq!(*ask("b", 4).await.unwrap(), 4);
        assert_eq!(asked.times(), 2);
    }

    #[tokio::test]
    async fn an_error_is_for_those_who_wait_and_the_next_asks_again() {
        let (answers, asked) = (Answers::default(), Asked(AtomicU32::new(0)));
        let ask = |answer| answers.get("a".to_owned(), asked.ask(answer));
        let (one, other) = join!(ask(Err("no")), ask(Ok(1)));
        assert_eq!((one.unwrap_err(), other.unwrap_err()), ("no", "no"));
        assert_eq!(asked.times(), 1);
        assert_eq!(*ask(Ok(2)).await.unwrap(), 2);
        assert_eq!(*ask(Ok(3)).await.unwrap(), 2);
        assert_eq!(asked.times(), 2);
    }
}
