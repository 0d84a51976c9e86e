//! The AWS CLI, pinned, at work on simulated AWS.
//!
//! It is a client that AWS has written from its own service model. Knows how to run it, not what EKS is.

use std::cell::RefCell;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::python::Environment;
use crate::simulated_aws::SimulatedAws;
use crate::workspace::{environment, is_foreign};

const REQUIREMENTS: &str = include_str!("../aws-cli/requirements.txt");
const RUN: &str = include_str!("../aws-cli/run.py");

/// The AWS CLI with credentials for one account.
pub struct AwsCli {
    endpoint: String,
    region: String,
    process: Child,
    pipes: RefCell<Option<(ChildStdin, BufReader<ChildStdout>)>>,
}

impl AwsCli {
    /// Starts a process that runs one command after the other.
    pub fn start(aws: &SimulatedAws) -> Result<Self> {
        let mut python = Environment::with("aws-cli", REQUIREMENTS)?.python();
        for (name, _) in env::vars_os() {
            if is_foreign(&name.to_string_lossy()) {
                python.env_remove(name);
            }
        }
        let mut process = python
            .args(["-c", RUN])
            .envs(environment(&aws.account))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the AWS CLI")?;
        let input = process.stdin.take().context("no stdin")?;
        let output = BufReader::new(process.stdout.take().context("no stdout")?);
        Ok(Self {
            endpoint: aws.endpoints().eks,
            region: aws.account.region.clone(),
            process,
            pipes: RefCell::new(Some((input, output))),
        })
    }

    /// Runs `aws eks` with these words, quoted as in a shell, and gives back the answer. That it is as in AWS's service
    /// model is checked here, member by member.
    pub fn eks(&self, words: &str) -> Result<Value> {
        let answer = self.run(words)?;
        if answer.get("succeeded") != Some(&Value::Bool(true)) {
            bail!("aws eks {words}: {}", text(&answer, "error"));
        }
        let output = text(&answer, "output");
        if output.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(output).with_context(|| format!("aws eks {words}: {output}"))
    }

    /// The same for a command that AWS refuses. Gives back what the AWS CLI says, with the exception in parentheses.
    pub fn refused(&self, words: &str) -> Result<String> {
        let answer = self.run(words)?;
        let succeeded = answer.get("succeeded") == Some(&Value::Bool(true));
        ensure!(!succeeded, "aws eks {words} was not refused");
        Ok(text(&answer, "error").to_owned())
    }

    fn run(&self, words: &str) -> Result<Value> {
        let Self {
            endpoint, region, ..
        } = self;
        let mut pipes = self.pipes.borrow_mut();
        let (input, output) = pipes.as_mut().context("the AWS CLI has ended")?;
        writeln!(
            input,
            "--endpoint-url {endpoint} --region {region} --output json eks {words}"
        )?;
        let mut line = String::new();
        output.read_line(&mut line)?;
        let answer: Value = serde_json::from_str(&line).context("the AWS CLI has ended")?;
        let deviations = answer.get("deviations").and_then(Value::as_array);
        let deviations = deviations.context("no deviations in the answer")?;
        ensure!(
            deviations.is_empty(),
            "aws eks {words}: the answer is not as in the service model: {deviations:#?}"
        );
        Ok(answer)
    }
}

impl Drop for AwsCli {
    fn drop(&mut self) {
        // It ends when its stdin closes.
        drop(self.pipes.take());
        let _ = self.process.wait();
    }
}

fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer.get(name).and_then(Value::as_str).unwrap_or_default()
}
