//! What the program is made of: Cargo's own resolution, without what only tests, build scripts and macros use. That isn't in the binary.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;

use crate::{NAME, Result, cargo, output, read, root};

#[derive(Debug, Clone, Deserialize)]
pub struct Package {
    id: String,
    pub name: String,
    pub version: String,
    #[serde(default)]
    pub license: Option<String>,
    #[serde(default)]
    pub license_file: Option<PathBuf>,
    #[serde(default)]
    pub repository: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Debug, Clone, Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Debug, Deserialize)]
struct DependencyKind {
    /// `None` for what is linked in.
    kind: Option<String>,
}

impl Package {
    /// Where its files are.
    pub fn folder(&self) -> PathBuf {
        self.manifest_path.parent().map(PathBuf::from).unwrap_or_default()
    }

    /// Its name among all kinds of packages.
    pub fn purl(&self) -> String {
        format!("pkg:cargo/{}@{}", self.name, self.version)
    }

    fn is_macro(&self) -> bool {
        self.targets.iter().any(|target| target.kind.iter().any(|kind| kind == "proc-macro"))
    }
}

/// The program, what is linked into it, and who needs whom.
#[derive(Debug)]
pub struct Shipped {
    pub program: Package,
    /// By their purls.
    pub packages: BTreeMap<String, Package>,
    pub needs: BTreeMap<String, BTreeSet<String>>,
}

/// What is in the binary for these machines.
pub fn shipped(targets: &[&str]) -> Result<Shipped> {
    let mut all: Option<Shipped> = None;
    for target in targets {
        let one = for_target(target)?;
        match &mut all {
            None => all = Some(one),
            Some(all) => {
                all.packages.extend(one.packages);
                for (whose, needs) in one.needs {
                    all.needs.entry(whose).or_default().extend(needs);
                }
            }
        }
    }
    all.ok_or_else(|| "no machine is named".to_owned())
}

fn for_target(target: &str) -> Result<Shipped> {
    let asked = ["metadata", "--format-version", "1", "--locked", "--filter-platform", target];
    let said = output(cargo().args(asked))?;
    let metadata: Metadata =
        serde_json::from_slice(&said).map_err(|e| format!("cargo metadata says what can't be read: {e}"))?;
    let packages: BTreeMap<&str, &Package> = metadata.packages.iter().map(|p| (p.id.as_str(), p)).collect();
    let nodes: BTreeMap<&str, &Node> = metadata.resolve.nodes.iter().map(|n| (n.id.as_str(), n)).collect();
    let program =
        metadata.packages.iter().find(|p| p.name == NAME).ok_or("karmada-partner isn't among the packages")?;
    let mut shipped = Shipped { program: program.clone(), packages: BTreeMap::new(), needs: BTreeMap::new() };
    let mut todo = vec![program];
    while let Some(package) = todo.pop() {
        let node = nodes.get(package.id.as_str()).ok_or_else(|| format!("{} isn't resolved", package.name))?;
        let linked = |d: &&Dependency| d.dep_kinds.iter().any(|kind| kind.kind.is_none());
        let mut needs = BTreeSet::new();
        for dependency in node.deps.iter().filter(linked) {
            let Some(needed) = packages.get(dependency.pkg.as_str()).filter(|p| !p.is_macro()) else { continue };
            needs.insert(needed.purl());
            if shipped.packages.insert(needed.purl(), (*needed).clone()).is_none() {
                todo.push(needed);
            }
        }
        shipped.needs.insert(package.purl(), needs);
    }
    Ok(shipped)
}

/// The SHA-256 of each package as the crate registry gave it, by purl.
pub fn checksums() -> Result<BTreeMap<String, String>> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Locked>,
    }
    #[derive(Deserialize)]
    struct Locked {
        name: String,
        version: String,
        checksum: Option<String>,
    }
    let lock: Lock = toml::from_str(&read(&root().join("Cargo.lock"))?).map_err(|e| format!("Cargo.lock: {e}"))?;
    let known =
        lock.package.into_iter().filter_map(|p| Some((format!("pkg:cargo/{}@{}", p.name, p.version), p.checksum?)));
    Ok(known.collect())
}
