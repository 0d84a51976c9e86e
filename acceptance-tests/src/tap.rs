//! Listens in on what a provider asks of a server that keeps no log: which operations it calls.
//!
//! Bytes are handed on as they are. Knows how requests begin, not what they mean.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result};

/// What clients have said, by connection.
type Said = Arc<Mutex<Vec<Vec<u8>>>>;

/// A port that leads to a server.
pub(crate) struct Tap {
    address: SocketAddr,
    said: Said,
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
            said: Said::default(),
            ended: Arc::default(),
        };
        let (said, ended) = (Arc::clone(&tap.said), Arc::clone(&tap.ended));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                let said = Arc::clone(&said);
                // A connection that fails ends, which is what its client has to see.
                thread::spawn(move || hand_on(&client, server, &said));
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
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let said = said.iter().map(|said| String::from_utf8_lossy(said));
        said.map(|said| said.matches(" HTTP/1.1\r\n").count()).sum()
    }

    /// The operations called so far by programs whose user agent has `product` in it.
    pub(crate) fn operations(&self, product: &str) -> BTreeSet<String> {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let said = said.iter().map(|said| String::from_utf8_lossy(said));
        said.flat_map(|said| operations(&said, product)).collect()
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // Wakes the listener; when it has gone already there is nothing to wake.
        let _ = TcpStream::connect(self.address);
    }
}

fn hand_on(client: &TcpStream, server: SocketAddr, said: &Said) -> io::Result<()> {
    let server = TcpStream::connect(server)?;
    let (mut answers, mut back) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || {
        let copied = io::copy(&mut answers, &mut back);
        copied.and(back.shutdown(Shutdown::Both))
    });
    let connection = {
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        said.push(Vec::new());
        said.len() - 1
    };
    let (mut from, mut to) = (client, &server);
    let mut buffer = vec![0; 16 << 10];
    loop {
        let length = from.read(&mut buffer)?;
        let Some(new) = buffer.get(..length).filter(|new| !new.is_empty()) else {
            return server.shutdown(Shutdown::Write);
        };
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        said.iter_mut()
            .skip(connection)
            .take(1)
            .for_each(|said| said.extend_from_slice(new));
        drop(said);
        to.write_all(new)?;
    }
}

/// The operations that a client asks for on one connection. EKS's are in method and path, those of services that take
/// forms in the body.
fn operations(said: &str, product: &str) -> Vec<String> {
    let parts: Vec<_> = said.split(" HTTP/1.1\r\n").collect();
    let pairs = parts.iter().zip(parts.iter().skip(1));
    let operation = |(before, after): (&&str, &&str)| {
        let (head, body) = after.split_once("\r\n\r\n")?;
        let (before, path) = before.rsplit_once(' ')?;
        let methods = ["GET", "POST", "PUT", "DELETE"];
        let method = methods.into_iter().find(|it| before.ends_with(it))?;
        if !head.contains(product) {
            return None;
        }
        if path == "/" {
            let (_, action) = body.split_once("Action=")?;
            return action.split('&').next().map(str::to_owned);
        }
        let path = path.split('?').next()?;
        eks_simulator::operation_at(method, path).map(str::to_owned)
    };
    pairs.filter_map(operation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_found_in_paths_and_forms() {
        let said = "GET /clusters/a?x=y HTTP/1.1\r\nuser-agent: me/1\r\n\r\n\
                    POST / HTTP/1.1\r\nuser-agent: me/1\r\n\r\nAction=GetRole&RoleName=c\
                    GET /clusters HTTP/1.1\r\nuser-agent: you/1\r\n\r\n\
                    POST /clusters/a/addons HTTP/1.1\r\nuser-agent: me/1\r\n\r\n{}";
        let expected = ["DescribeCluster", "GetRole", "CreateAddon"];
        assert_eq!(operations(said, "me/"), expected);
    }
}
