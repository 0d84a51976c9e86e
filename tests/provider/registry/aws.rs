//! An AWS that has nothing: every request is answered with 404, at once, so that plans that look something up go on.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::json;
use terraform_provider_eks::aws::Context;
use terraform_provider_eks::provider::Eks;
use tfplugin_rs::tf::{Configuration, Provider, from_json};

const NOT_FOUND: &str = "HTTP/1.1 404 Not Found\r\n\
    x-amzn-errortype: ResourceNotFoundException\r\n\
    content-type: application/json\r\n\
    content-length: 21\r\n\
    connection: close\r\n\r\n\
    {\"message\":\"nothing\"}";

/// The provider, configured for it.
pub async fn context() -> Arc<Context> {
    watched().await.0
}

/// What has been asked for: each request with its body.
pub type Requests = Arc<Mutex<Vec<String>>>;

/// The same, and what it asks for.
pub async fn watched() -> (Arc<Context>, Requests) {
    let requests = Requests::default();
    let url = start(requests.clone());
    let block = json!({
        "region": "eu-west-1",
        "access_key": "AKIDEXAMPLE",
        "secret_key": "secret",
        "max_retries": 0,
        "skip_requesting_account_id": true,
        "endpoints": [{"eks": url, "ec2": url, "iam": url, "sts": url}],
        "default_tags": [{"tags": {"x": "default"}}],
    });
    let configuration = Configuration {
        block: from_json(&Eks::schema().attributes, &block).unwrap(),
        terraform_version: "1.11.4".to_owned(),
    };
    let context = Eks::configure(configuration).await.unwrap();
    (Arc::new(context), requests)
}

fn start(requests: Requests) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            // Who hangs up early gets no answer.
            let _ = answer(connection, &requests);
        }
    });
    url
}

fn answer(connection: TcpStream, requests: &Requests) -> std::io::Result<()> {
    let mut reader = BufReader::new(&connection);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(given) = line.strip_prefix("content-length:") {
            length = given.trim().parse().unwrap_or_default();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body);
    requests.lock().unwrap().push(format!("{first}{body}"));
    (&connection).write_all(NOT_FOUND.as_bytes())
}
