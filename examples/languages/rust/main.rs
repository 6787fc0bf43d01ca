// An HTTP server with nothing but the standard library: POST /invoke is an event, all else a web request.
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

fn greeting(language: &str) -> Option<&'static str> {
    match language {
        "en" => Some("Hello"),
        "fr" => Some("Bonjour"),
        "zh" => Some("你好"),
        _ => None,
    }
}

/// The value of a string member of a JSON object, if it has no escapes.
fn member<'a>(json: &'a str, name: &str, otherwise: &'a str) -> &'a str {
    let quoted = format!("\"{name}\"");
    let value = json.split_once(quoted.as_str()).and_then(|(_, rest)| rest.split('"').nth(1));
    value.unwrap_or(otherwise)
}

fn parameter<'a>(target: &'a str, name: &str, otherwise: &'a str) -> &'a str {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map_or(otherwise, |(_, value)| value)
}

fn respond(target: &str, body: &str) -> (u16, &'static str, String) {
    if target == "/invoke" {
        let word = greeting(member(body, "language", "en")).unwrap_or("?");
        let text = format!("{{\"greeting\": \"{word}, {}!\"}}", member(body, "name", "world"));
        return (200, "application/json", text);
    }
    let language = parameter(target, "language", "en");
    match greeting(language) {
        Some(word) => {
            let text = format!("{word}, {}!\n", parameter(target, "name", "world"));
            (200, "text/plain; charset=utf-8", text)
        }
        None => (404, "text/plain", format!("No greeting in '{language}'.\n")),
    }
}

fn serve(stream: TcpStream) -> std::io::Result<()> {
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    loop {
        let (mut first, mut length) = (String::new(), 0);
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let line = line.trim().to_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let target = first.split(' ').nth(1).unwrap_or("/");
        let (status, kind, text) = respond(target, &String::from_utf8_lossy(&body));
        let size = text.len();
        write!(writer, "HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n\r\n{text}")?;
    }
}

fn main() -> std::io::Result<()> {
    let port = std::env::var("FC_SERVER_PORT").unwrap_or_else(|_| "9000".to_string());
    for stream in TcpListener::bind(format!("0.0.0.0:{port}"))?.incoming() {
        let stream = stream?;
        std::thread::spawn(move || serve(stream));
    }
    Ok(())
}
