//! GitHub for tests: a server in this process, over real bare repositories, which takes no request and gives no answer
//! that GitHub's own description doesn't know.

mod access;
mod browser;
mod cgi;
mod dump;
mod failure;
mod faults;
mod git;
mod git_http;
mod graphql;
mod http;
mod openapi;
mod pulls;
mod refs;
mod render;
mod repositories;
mod rest;
mod server;
mod settings;
mod text;
mod threads;
mod traffic;
mod world;

use std::net::{Shutdown, TcpListener, TcpStream};
use std::ops::Deref;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

use tempfile::TempDir;

pub use faults::Fault;
pub use pulls::Method;
pub use traffic::Request;
pub use world::{BEGIN, Permission, TokenKind};

use server::{Control, Shared};
use world::World;

/// What a test does with the double; hooks get one as well.
#[derive(Clone)]
pub struct Handle(Arc<Shared>);

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("GitHub").field(&self.server_url()).finish()
    }
}

/// The running double. When it ends, every request and every answer must have been as described.
#[derive(Debug)]
pub struct GitHub {
    handle: Handle,
    acceptor: Option<JoinHandle<()>>,
    port: u16,
    _root: TempDir,
}

impl Deref for GitHub {
    type Target = Handle;

    fn deref(&self) -> &Handle {
        &self.handle
    }
}

impl GitHub {
    /// A world without anybody in it, on a free port.
    #[must_use]
    pub fn start() -> Self {
        let root = tempfile::Builder::new().prefix("github").tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let world = World::new(root.path().to_owned(), format!("http://127.0.0.1:{port}"));
        let shared =
            Shared { world: Mutex::new(world), control: Mutex::new(Control::default()), changed: Condvar::new() };
        let handle = Handle(Arc::new(shared));
        let ours = handle.clone();
        let acceptor = std::thread::spawn(move || server::accept(&ours, &listener));
        Self { handle, acceptor: Some(acceptor), port, _root: root }
    }
}

impl Drop for GitHub {
    fn drop(&mut self) {
        let mut control = self.0.control();
        control.closing = true;
        for stream in control.streams.drain(..) {
            _ = stream.shutdown(Shutdown::Both);
        }
        drop(control);
        self.0.changed.notify_all();
        // It is waiting for one more connection.
        _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(acceptor) = self.acceptor.take() {
            _ = acceptor.join();
        }
        if !std::thread::panicking() {
            self.assert_clean();
        }
    }
}
