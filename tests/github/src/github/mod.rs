//! GitHub for tests: a server in this process, over real bare repositories, which takes no request and gives no answer
//! that GitHub's own description doesn't know.

mod access;
mod browser;
mod cgi;
mod closing;
mod dump;
mod failure;
mod faults;
mod git;
mod git_http;
mod graphql;
mod habits;
mod http;
mod locking;
mod openapi;
mod pulls;
mod refs;
mod render;
mod repositories;
mod rest;
mod server;
mod settings;
mod settling;
mod text;
mod threads;
mod traffic;
mod triage;
mod world;

use std::net::{Shutdown, TcpListener, TcpStream};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

use tempfile::TempDir;

pub use access::Area;
pub use faults::Fault;
pub use habits::Habits;
pub use pulls::Method;
pub use traffic::Request;
pub use world::{BEGIN, Permission, TokenKind};

use crate::files::Files;

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

/// The world of a double at some moment, with its repositories: others can begin there.
#[derive(Debug)]
pub struct Picture {
    world: World,
    files: Files,
    traffic: Vec<Request>,
    served: u64,
}

impl GitHub {
    /// A world without anybody in it, on a free port.
    #[must_use]
    pub fn start() -> Self {
        Self::begin(World::new, Control::default())
    }

    /// The world as it is now. So far, every request and every answer must have been as described.
    #[must_use]
    pub fn picture(&self) -> Picture {
        self.assert_clean();
        let world = self.0.world().clone();
        let files = Files::of(&world.root);
        let control = self.0.control();
        Picture { world, files, traffic: control.traffic.clone(), served: control.served }
    }

    /// A double of its own, whose world is as it was then.
    #[must_use]
    pub fn of(picture: &Picture) -> Self {
        let world = |root: PathBuf, server| {
            picture.files.write(&root);
            picture.world.moved(root, server)
        };
        let traffic = picture.traffic.clone();
        Self::begin(world, Control { traffic, served: picture.served, ..Control::default() })
    }

    fn begin(world: impl FnOnce(PathBuf, String) -> World, control: Control) -> Self {
        let root = crate::files::directory("github");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let world = world(root.path().to_owned(), format!("http://127.0.0.1:{port}"));
        let shared = Shared { world: Mutex::new(world), control: Mutex::new(control), changed: Condvar::new() };
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
