//! The bill of materials: `CycloneDX` 1.5, as JSON.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::packages::{self, Package};
use crate::{NAME, Result, TARGETS, make_folder, write};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to put it
    #[arg(long, value_name = "FOLDER", default_value = "target/archives")]
    out: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    let shipped = packages::shipped(&TARGETS)?;
    let sums = packages::checksums()?;
    let component = |kind: &str, package: &Package| {
        let mut component = json!({
            "type": kind, "bom-ref": package.purl(), "name": package.name, "version": package.version,
            "purl": package.purl(),
        });
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                component[key] = value;
            }
        };
        put("description", package.description.as_ref().map(|words| json!(words.trim())));
        // An older way of writing OR.
        put("licenses", package.license.as_ref().map(|l| json!([{"expression": l.replace('/', " OR ")}])));
        put("hashes", sums.get(&package.purl()).map(|sum| json!([{"alg": "SHA-256", "content": sum}])));
        put("externalReferences", package.repository.as_ref().map(|url| json!([{"type": "vcs", "url": url}])));
        component
    };
    let document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": component("application", &shipped.program)},
        "components": shipped.packages.values().map(|package| component("library", package)).collect::<Vec<_>>(),
        "dependencies": shipped.needs.iter().map(|(whose, needs)| json!({"ref": whose, "dependsOn": needs})).collect::<Vec<_>>(),
    });
    make_folder(&args.out)?;
    let path = args.out.join(format!("{NAME}-{}.cdx.json", shipped.program.version));
    write(&path, format!("{document:#}\n"))?;
    println!("{}", path.display());
    Ok(())
}
