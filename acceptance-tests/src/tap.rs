//! Listens in on what a provider asks of a server that keeps no log: which operations it calls, and which it gets.
//!
//! Bytes are handed on as they are. Knows how requests and answers begin, not what they mean.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context, Result};

/// What has been said on a connection so far.
#[derive(Default)]
struct Talk {
    asked: Mutex<Vec<u8>>,
    answered: Mutex<Vec<u8>>,
}

type Talks = Arc<Mutex<Vec<Arc<Talk>>>>;

/// A port that leads to a server.
pub(crate) struct Tap {
    address: SocketAddr,
    talks: Talks,
    ended: Arc<AtomicBool>,
}

impl Tap {
    /// A new port of the server at `endpoint`.
    pub(crate) fn of(endpoint: &str) -> Result<Self> {
        let server = endpoint.strip_prefix("http://");
        let server: SocketAddr = server.context("no http:// endpoint")?.parse()?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let tap = Self {
            address: listener.local_addr()?,
            talks: Talks::default(),
            ended: Arc::default(),
        };
        let (talks, ended) = (Arc::clone(&tap.talks), Arc::clone(&tap.ended));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                let talks = Arc::clone(&talks);
                // A connection that fails ends, which is what its client has to see.
                thread::spawn(move || hand_on(&client, server, &talks));
            }
        });
        Ok(tap)
    }

    /// Where to send requests to instead.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests there have been.
    pub(crate) fn requests(&self) -> usize {
        let talks = lock(&self.talks);
        let asked = talks.iter().map(|talk| text(&talk.asked));
        asked.map(|it| it.matches(" HTTP/1.1\r\n").count()).sum()
    }

    /// The operations called so far, and not refused, by programs whose user agent has `product` in it.
    pub(crate) fn operations(&self, product: &str) -> BTreeSet<String> {
        let talks = lock(&self.talks);
        let talks = talks
            .iter()
            .map(|talk| (text(&talk.asked), text(&talk.answered)));
        talks
            .flat_map(|(asked, answered)| operations(&asked, &answered, product))
            .collect()
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // Wakes the listener; when it has gone already there is nothing to wake.
        let _ = TcpStream::connect(self.address);
    }
}

fn hand_on(client: &TcpStream, server: SocketAddr, talks: &Talks) -> io::Result<()> {
    let server = TcpStream::connect(server)?;
    let (answers, back) = (server.try_clone()?, client.try_clone()?);
    let talk = Arc::<Talk>::default();
    lock(talks).push(Arc::clone(&talk));
    let answering = Arc::clone(&talk);
    thread::spawn(move || {
        let copied = copy(&answers, &back, &answering.answered);
        copied.and(back.shutdown(Shutdown::Both))
    });
    copy(client, &server, &talk.asked)?;
    server.shutdown(Shutdown::Write)
}

/// Hands on all that comes, each part after it has been noted.
fn copy(mut from: &TcpStream, mut to: &TcpStream, noted: &Mutex<Vec<u8>>) -> io::Result<()> {
    let mut buffer = vec![0; 16 << 10];
    loop {
        let length = from.read(&mut buffer)?;
        let Some(new) = buffer.get(..length).filter(|new| !new.is_empty()) else {
            return Ok(());
        };
        lock(noted).extend_from_slice(new);
        to.write_all(new)?;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn text(noted: &Mutex<Vec<u8>>) -> String {
    String::from_utf8_lossy(&lock(noted)).into_owned()
}

/// The operations that a client gets on one connection, where one answer follows another. EKS's are in method and path,
/// those of services that take forms in the body.
fn operations(asked: &str, answered: &str, product: &str) -> Vec<String> {
    let parts: Vec<_> = asked.split(" HTTP/1.1\r\n").collect();
    let pairs = parts.iter().zip(parts.iter().skip(1));
    let operation = |((before, after), is_success): ((&&str, &&str), bool)| {
        let (head, body) = after.split_once("\r\n\r\n")?;
        let (before, path) = before.rsplit_once(' ')?;
        let methods = ["GET", "POST", "PUT", "DELETE"];
        let method = methods.into_iter().find(|it| before.ends_with(it))?;
        if !is_success || !head.contains(product) {
            return None;
        }
        if path == "/" {
            let (_, action) = body.split_once("Action=")?;
            return action.split('&').next().map(str::to_owned);
        }
        let path = path.split('?').next()?;
        eks_simulator::operation_at(method, path).map(str::to_owned)
    };
    pairs
        .zip(successes(answered))
        .filter_map(operation)
        .collect()
}

/// Of each answer, whether it is one of success.
fn successes(answered: &str) -> impl Iterator<Item = bool> {
    let answers = answered.split("HTTP/1.").skip(1);
    // "1 200 OK": the version goes on.
    answers.map(|answer| answer.get(1..).is_some_and(|it| it.starts_with(" 2")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_found_in_paths_and_forms() {
        let asked = "GET /clusters/a?x=y HTTP/1.1\r\nuser-agent: me/1\r\n\r\n\
                     POST / HTTP/1.1\r\nuser-agent: me/1\r\n\r\nAction=GetRole&RoleName=c\
                     GET /clusters HTTP/1.1\r\nuser-agent: you/1\r\n\r\n\
                     POST /clusters/a/addons HTTP/1.1\r\nuser-agent: me/1\r\n\r\n{}";
        let answered = "HTTP/1.1 200 OK\r\n\r\n{}".repeat(4);
        let expected = ["DescribeCluster", "GetRole", "CreateAddon"];
        assert_eq!(operations(asked, &answered, "me/"), expected);
    }

    #[test]
    fn what_is_refused_or_not_answered_is_left_out() {
        let get = |path| format!("GET /clusters{path} HTTP/1.1\r\nuser-agent: me/1\r\n\r\n");
        let asked = get("/a/addons") + &get("/a") + &get("");
        let answered = "HTTP/1.1 400 BAD REQUEST\r\n\r\n{}HTTP/1.0 200 OK\r\n\r\n{}";
        assert_eq!(operations(&asked, answered, "me/"), ["DescribeCluster"]);
    }
}
