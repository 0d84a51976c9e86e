//! An AWS that has nothing: every request is answered with 404, at once, so that plans that look something up go on.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

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
    let url = start();
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
    Arc::new(Eks::configure(configuration).await.unwrap())
}

fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            // Who hangs up early gets no answer.
            let _ = answer(connection);
        }
    });
    url
}

fn answer(connection: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(&connection);
    let mut length = 0;
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
    reader.read_exact(&mut vec![0; length])?;
    (&connection).write_all(NOT_FOUND.as_bytes())
}
