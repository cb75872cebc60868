//! What commands cost on GitHub, in requests and bytes: measured on the double, as `docs/performance.md` shows it.

#![allow(dead_code, reason = "the tests' environment has more than is used here")]
#![allow(clippy::unwrap_used, reason = "a measurement that can't go on should stop")]

#[path = "../tests/suite/chinese_setting.rs"]
mod chinese_setting;
#[path = "../tests/suite/env.rs"]
mod env;
#[path = "../tests/suite/hub.rs"]
mod hub;
#[path = "../tests/suite/schema_check.rs"]
mod schema_check;
mod table;

mod picture {
    /// A logo of 30 kB that doesn't compress.
    pub fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, width, height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        let mut seed = 1_u32;
        let mut noise = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed.to_be_bytes()[0]
        };
        // Every fourth byte is opacity.
        let pixels: Vec<u8> = (0..width * height * 4).map(|i| if i % 4 == 3 { 200 } else { noise() }).collect();
        encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
        out
    }
}

use hub::Hub;
use table::Table;

fn row(table: &mut Table, hub: &Hub, what: &str, who: &str, args: &[&str]) {
    hub.github.clear_traffic();
    hub.run(who, args).ok().code.unwrap();
    let all = hub.github.traffic();
    let (git, api): (Vec<_>, Vec<_>) = all.iter().partition(|r| r.operation.starts_with("git:"));
    let (up, down): (usize, usize) = (all.iter().map(|r| r.total_up).sum(), all.iter().map(|r| r.total_down).sum());
    let counts = [api.len(), git.len(), up, down].map(|count| count.to_string());
    table.row(&[&[what.to_owned()], &counts[..]].concat());
}

fn main() {
    let hub = Hub::among(300);
    hub.env.write("logo.png", picture::png(100, 100));
    let mut table = Table::new("github", &["what", "API requests", "git's requests", "bytes up", "bytes down"]);
    let website = "https://acme.example/karmada";
    let apply = ["apply", "--name", "Acme", "--website", website, "--github", "jane", "--logo", "logo.png"];
    row(&mut table, &hub, "`apply`, with a fork", "jane", &apply);
    row(&mut table, &hub, "`apply` again, nothing changed", "jane", &apply);
    row(&mut table, &hub, "`status acme`", "jane", &["status", "acme"]);
    row(
        &mut table,
        &hub,
        "`update acme`",
        "jane",
        &["update", "acme", "--website", "https://acme.example/k", "--logo", "logo.png"],
    );
    row(&mut table, &hub, "`review`, the first time: a clone", "alice", &["review"]);
    row(&mut table, &hub, "`review`, again", "alice", &["review"]);
    row(&mut table, &hub, "`approve acme`, the first vote", "alice", &["approve", "acme"]);
    row(&mut table, &hub, "`approve acme`, the decision, pushed", "bob", &["approve", "acme"]);
    let hub = Hub::new();
    hub.env.write("logo.png", picture::png(100, 100));
    row(&mut table, &hub, "`apply`, without a fork", "jane", &apply);
    table.keep();
}
