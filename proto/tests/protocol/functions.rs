//! Functions, called as Terraform does: in processes that were never configured.

use serde_json::{Value as Json, json};
use tfplugin_rs::plugin::codec;
use tfplugin_rs::plugin::tfplugin6::{DynamicValue, FunctionError, call_function};
use tfplugin_rs::tf::{Type, Value};

use crate::core::{Core, shown};

async fn call(name: &str, arguments: &[Value], returns: &Type) -> Result<Json, FunctionError> {
    let encoded = |value: &Value| {
        let ty = match value {
            Value::Number(_) => Type::Number,
            Value::Bool(_) => Type::Bool,
            _ => Type::String,
        };
        DynamicValue {
            msgpack: codec::encode(value, &ty),
            json: Vec::new(),
        }
    };
    let arguments = arguments.iter().map(encoded).collect();
    let request = call_function::Request {
        name: name.to_owned(),
        arguments,
    };
    let core = Core::start().await;
    let answer = core
        .rpc()
        .call_function(request)
        .await
        .unwrap()
        .into_inner();
    assert_ne!(answer.error.is_some(), answer.result.is_some());
    match answer.error {
        Some(error) => Err(error),
        None => Ok(shown(returns, answer.result.as_ref())),
    }
}

fn text(text: &str) -> Value {
    text.into()
}

fn error(text: &str, function_argument: Option<i64>) -> Result<Json, FunctionError> {
    Err(FunctionError {
        text: text.to_owned(),
        function_argument,
    })
}

#[tokio::test]
async fn fixed_parameters() {
    let called = call("shout", &[text("hey"), 2.into()], &Type::String).await;
    assert_eq!(called, Ok(json!("HEY!!")));
    let called = call("shout", &[text("hey"), Value::Null], &Type::String).await;
    assert_eq!(called, Ok(json!("HEY!")));
}

#[tokio::test]
async fn variadic_parameters() {
    let list = Type::list(Type::String);
    let called = call("join", &[text("-"), 1.into(), 2.into(), 3.into()], &list).await;
    assert_eq!(called, Ok(json!(["-1", "-2", "-3"])));
    assert_eq!(call("join", &[text("-")], &list).await, Ok(json!([])));
}

#[tokio::test]
async fn errors_say_which_argument() {
    let called = call("shout", &[text(""), Value::Null], &Type::String).await;
    assert_eq!(called, error("There is nothing to say.", Some(0)));
    let list = Type::list(Type::String);
    let called = call("join", &[text("-"), 1.into(), true.into()], &list)
        .await
        .unwrap_err();
    assert_eq!(called.function_argument, Some(2));
    assert!(called.text.contains("expected a number"), "{}", called.text);
}

#[tokio::test]
async fn wrong_calls_are_errors() {
    let called = call("shout", &[text("hey")], &Type::String).await;
    assert_eq!(called, error("shout takes 2 arguments, got 1.", None));
    let called = call("join", &[], &Type::String).await;
    assert_eq!(
        called,
        error("join takes at least 1 argument, got 0.", None)
    );
    let called = call("whisper", &[], &Type::String).await.unwrap_err();
    assert!(
        called.text.starts_with("Unknown function whisper"),
        "{}",
        called.text
    );
}

#[tokio::test]
async fn panic_is_an_error_of_the_function() {
    let called = call("shout", &[text("panic"), Value::Null], &Type::String)
        .await
        .unwrap_err();
    assert!(
        called.text.starts_with("The provider panicked: too loud"),
        "{}",
        called.text
    );
}
