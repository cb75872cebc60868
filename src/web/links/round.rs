//! Asking many pages politely: a few at a time, and never two of one domain at once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::domain::Slug;
use crate::domain::names::registrable;
use crate::domain::record::WebAddress;

pub const AT_ONCE: usize = 8;
/// How often it is looked whether to stop.
const LOOK: Duration = Duration::from_millis(50);

/// Asks for each page by `ask`, on threads of their own; `heard` is given the answers as they come. Gives whether all were
/// heard: with `stop` it ends at once, and what is still under way is left behind.
pub fn run<T: Send + 'static>(
    pages: Vec<(Slug, WebAddress)>,
    ask: impl Fn(&str) -> T + Send + Sync + 'static,
    stop: &dyn Fn() -> bool,
    mut heard: impl FnMut(Slug, WebAddress, T),
) -> bool {
    let mut missing = pages.len();
    let mut domains: BTreeMap<String, Vec<(Slug, WebAddress)>> = BTreeMap::new();
    for page in pages {
        domains.entry(registrable(&page.1.host())).or_default().push(page);
    }
    let threads = domains.len().min(AT_ONCE);
    // A thread takes a whole domain, so no other asks there meanwhile.
    let domains = Arc::new(Mutex::new(domains.into_values()));
    let (ask, ended) = (Arc::new(ask), Arc::new(AtomicBool::new(false)));
    let (sender, receiver) = mpsc::channel();
    for _ in 0..threads {
        let (domains, ask, ended, sender) = (domains.clone(), ask.clone(), ended.clone(), sender.clone());
        std::thread::spawn(move || {
            let next = || domains.lock().ok()?.next();
            while let Some(pages) = next() {
                for (slug, page) in pages {
                    if ended.load(Ordering::SeqCst) {
                        return;
                    }
                    let answer = ask(page.as_str());
                    // Whoever gave up listening doesn't want to hear it.
                    let _ = sender.send((slug, page, answer));
                }
            }
        });
    }
    drop(sender);
    while missing > 0 && !stop() {
        match receiver.recv_timeout(LOOK) {
            Ok((slug, page, answer)) => {
                heard(slug, page, answer);
                missing -= 1;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    ended.store(true, Ordering::SeqCst);
    missing == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::links::verdict::Answer;

    fn pages(addresses: &[String]) -> Vec<(Slug, WebAddress)> {
        let page = |(n, address): (usize, &String)| (format!("p{n}").parse().unwrap(), address.parse().unwrap());
        addresses.iter().enumerate().map(page).collect()
    }

    /// What is asked right now, and the most that ever was.
    #[derive(Default)]
    struct Asked {
        now: Vec<String>,
        most: usize,
        twice: bool,
    }

    #[test]
    fn a_few_at_a_time_and_one_of_a_domain() {
        let addresses: Vec<String> = (0..60)
            .map(|n| format!("https://www{n}.d{}.co.uk/{n}", n % 20))
            .chain(["https://d0.co.uk/".into()])
            .collect();
        let asked = Arc::new(Mutex::new(Asked::default()));
        let seen = asked.clone();
        let ask = move |address: &str| {
            let domain = address.split('/').nth(2).unwrap().rsplit('.').nth(2).unwrap().to_owned();
            let mut asked = seen.lock().unwrap();
            asked.twice |= asked.now.contains(&domain);
            asked.now.push(domain.clone());
            asked.most = asked.most.max(asked.now.len());
            drop(asked);
            std::thread::sleep(Duration::from_millis(5));
            seen.lock().unwrap().now.retain(|d| *d != domain);
            Answer::Alive
        };
        let mut heard = Vec::new();
        assert!(run(pages(&addresses), ask, &|| false, |_, page, _| heard.push(page.to_string())));
        heard.sort();
        let mut wanted = addresses;
        wanted.sort();
        assert_eq!(heard, wanted);
        let asked = asked.lock().unwrap();
        assert!(!asked.twice && asked.most <= AT_ONCE && asked.most > 1, "{}", asked.most);
    }

    /// Who waited for the others would wait for ever.
    #[test]
    fn stopped_it_ends_at_once_and_keeps_what_it_heard() {
        let addresses: Vec<String> = (0..30).map(|n| format!("https://d{n}.example/")).collect();
        let ask = |address: &str| {
            if !address.contains("//d0.") {
                loop {
                    std::thread::park();
                }
            }
            Answer::Alive
        };
        let heard = std::cell::RefCell::new(Vec::new());
        let stop = || !heard.borrow().is_empty();
        assert!(!run(pages(&addresses), ask, &stop, |slug, _, _| heard.borrow_mut().push(slug.to_string())));
        assert_eq!(*heard.borrow(), ["p0"]);
    }

    /// By the prober itself, at servers of the test's own.
    #[test]
    fn what_a_server_does_is_what_is_said_of_it() {
        use std::io::Write as _;

        use crate::web::probe::tests::{ok, prober, serve};

        let server = serve(|head, stream| {
            let gone = b"HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n".to_vec();
            let busy = b"HTTP/1.1 503 Busy\r\nconnection: close\r\n\r\n".to_vec();
            let answer = match head.split(' ').nth(1) {
                Some("/") => ok("", b"hello"),
                Some("/busy") => busy,
                _ => gone,
            };
            let _ = stream.write_all(&answer);
        });
        let prober = prober(&[("acme.test", server), ("other.test", server)]);
        let ask = move |address: &str| {
            let knock = async { Ok::<_, crate::error::Error>(prober.knock(address).await) };
            crate::web::wait(knock).map(|knocked| Answer::of(&knocked.reached)).unwrap()
        };
        let addresses = ["/", "/busy", "/gone"].map(|path| format!("http://acme.test{path}"));
        let addresses = [&addresses[..], &["http://nobody.test/".into(), "http://other.test/".into()]].concat();
        let mut heard = std::collections::BTreeMap::new();
        assert!(run(pages(&addresses), ask, &|| false, |slug, _, answer| drop(heard.insert(slug, answer))));
        let heard: Vec<Answer> = heard.into_values().collect();
        let wanted = [
            Answer::Alive,
            Answer::Unknown("the server answers 503: it may keep programs out".into()),
            Answer::Failed("the server answers 404".into()),
            Answer::Failed("there is no host nobody.test".into()),
            Answer::Alive,
        ];
        assert_eq!(heard, wanted);
    }

    #[test]
    fn a_round_that_asks_nobody_is_done() {
        assert!(run(Vec::new(), |_| Answer::Alive, &|| false, |_, _, _| ()));
    }
}
