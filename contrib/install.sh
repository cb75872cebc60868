#!/bin/sh
# Installs karmada-partner @VERSION@ for whoever runs this: program, manual pages and completions, below ~/.local. It takes an archive only
# if its SHA-256 is the one that stands here. Needs what every system has: a shell, curl or wget, tar, and sha256sum or shasum.
#
#   sh install.sh [--prefix FOLDER]
#
# KARMADA_PARTNER_DOWNLOAD names another address with the same archives.
set -eu

version='@VERSION@'
base='@BASE@'
sums='
@SUMS@
'

fail() { # WHAT [HINT]
    echo "error: $1" >&2
    [ $# -lt 2 ] || echo "hint: $2" >&2
    exit 1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# Which of the archives is for this machine.
machine() {
    case "$(uname -s)" in
        Linux) system=unknown-linux-musl ;;
        Darwin) system=apple-darwin ;;
        *) fail "there is no archive for $(uname -s); on Windows, run install.ps1" ;;
    esac
    case "$(uname -m)" in
        x86_64 | amd64) echo "x86_64-$system" ;;
        aarch64 | arm64) echo "aarch64-$system" ;;
        *) fail "there is no archive for $(uname -m)" ;;
    esac
}

fetch() { # ADDRESS FILE
    if has curl; then
        case $1 in
            https://*) curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --output "$2" "$1" ;;
            *) curl --fail --silent --show-error --location --output "$2" "$1" ;;
        esac
    elif has wget; then
        wget -q -O "$2" "$1"
    else
        fail "curl or wget is needed"
    fi
}

sum_of() {
    if has sha256sum; then
        sha256sum "$1" | cut -d ' ' -f 1
    elif has shasum; then
        shasum -a 256 "$1" | cut -d ' ' -f 1
    else
        fail "sha256sum or shasum is needed: nothing is installed that isn't verified"
    fi
}

put() { # FILE FOLDER NAME MODE: in one step, so that nobody ever sees half of it
    mkdir -p "$2"
    cp "$1" "$2/.$3.new"
    chmod "$4" "$2/.$3.new"
    mv -f "$2/.$3.new" "$2/$3"
}

# All of it is read before any of it runs: what was cut off on its way does nothing.
main() {
    prefix=${HOME:+$HOME/.local}
    while [ $# -gt 0 ]; do
        case $1 in
            --prefix) [ $# -gt 1 ] || fail "--prefix takes a folder"; prefix=$2; shift 2 ;;
            --prefix=*) prefix=${1#--prefix=}; shift ;;
            *) fail "it takes --prefix FOLDER, and not $1" ;;
        esac
    done
    case $prefix in
        /?*) ;;
        '') fail "HOME isn't set, so nothing says where to install it" "name a folder: --prefix FOLDER" ;;
        *) fail "say where to install it, with --prefix and a folder that begins with /" ;;
    esac
    # Before anything is fetched; what isn't there yet is made by whoever may write where it begins.
    for folder in "$prefix/bin" "$prefix/share"; do
        while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
        if [ ! -d "$folder" ] || [ ! -w "$folder" ]; then
            fail "$folder can't be written" "name a folder that is yours: --prefix FOLDER"
        fi
    done
    base=${KARMADA_PARTNER_DOWNLOAD:-$base}
    [ -n "$base" ] || fail "say where the archives are, in KARMADA_PARTNER_DOWNLOAD"

    target=$(machine)
    line=$(printf '%s\n' "$sums" | grep "^$target " || true)
    [ -n "$line" ] || fail "karmada-partner $version wasn't released for $target"
    name=$(echo "$line" | cut -d ' ' -f 2)
    wanted=$(echo "$line" | cut -d ' ' -f 3)

    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT TERM
    echo "Fetching $base/$name …" >&2
    fetch "$base/$name" "$work/$name" || fail "$base/$name can't be fetched"
    found=$(sum_of "$work/$name")
    [ "$found" = "$wanted" ] || fail "$name isn't what was released: its SHA-256 is $found, and should be $wanted. Nothing was installed"

    (cd "$work" && tar -xzf "$name")
    here=$work/karmada-partner-$version-$target
    put "$here/karmada-partner" "$prefix/bin" karmada-partner 755
    for page in "$here"/man/man1/*.1; do
        put "$page" "$prefix/share/man/man1" "${page##*/}" 644
    done
    put "$here/completions/karmada-partner.bash" "$prefix/share/bash-completion/completions" karmada-partner 644
    put "$here/completions/_karmada-partner" "$prefix/share/zsh/site-functions" _karmada-partner 644
    put "$here/completions/karmada-partner.fish" "$prefix/share/fish/vendor_completions.d" karmada-partner.fish 644
    for file in LICENSE THIRD-PARTY-LICENSES.txt; do
        put "$here/$file" "$prefix/share/doc/karmada-partner" "$file" 644
    done
    for file in globex.toml globex.png; do
        put "$here/example/$file" "$prefix/share/doc/karmada-partner/example" "$file" 644
    done

    echo "Installed karmada-partner $version: $prefix/bin/karmada-partner"
    case :$PATH: in
        *:"$prefix/bin":*) ;;
        *) echo "hint: your PATH lacks it: export PATH=\"$prefix/bin:\$PATH\"" >&2 ;;
    esac
    case ${SHELL:-} in
        */zsh) echo "hint: for completions, put this above compinit in ~/.zshrc: fpath=(\"$prefix/share/zsh/site-functions\" \$fpath)" >&2 ;;
    esac
    echo "hint: karmada-partner apply --from \"$prefix/share/doc/karmada-partner/example/globex.toml\" tries it in a sandbox of your own" >&2
    echo "hint: karmada-partner doctor says what else it takes" >&2
}

main "$@"
