//! Stories in Markdown, run as they stand.

use crate::env::TestEnv;

#[test]
fn stories_are_true() {
    let env = TestEnv::new();
    let stories = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    for story in std::fs::read_dir(stories).unwrap() {
        let story = story.unwrap().path();
        // Beside the copy of the story stand the files it begins with.
        let name = story.file_stem().unwrap().to_str().unwrap().to_owned();
        std::fs::copy(&story, env.path(&format!("{name}.md"))).unwrap();
        std::fs::create_dir(env.path(&format!("{name}.in"))).unwrap();
        env.write(&format!("{name}.in/program.toml"), crate::env::PROGRAM);
        env.write(&format!("{name}.in/logo.png"), crate::picture::png(300, 200));
    }
    trycmd::TestCases::new()
        .register_bin("karmada-partner", std::path::Path::new(env!("CARGO_BIN_EXE_karmada-partner")))
        .register_bin("git", git())
        .env("HOME", env.path("home").display().to_string())
        .env("USER", "jane")
        .env("KARMADA_PARTNER_REGISTRY", "registry.git")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("SOURCE_DATE_EPOCH", "1790000000")
        .env("NO_COLOR", "1")
        .case(env.path("*.md"))
        .run();
}

/// Where git is.
#[expect(clippy::disallowed_methods, reason = "git has to be found")]
fn git() -> std::path::PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path).map(|directory| directory.join("git")).find(|git| git.exists()).unwrap()
}
