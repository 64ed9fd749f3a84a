# shellcheck shell=bash
# Tells a walk: a file of headings, paragraphs and commands. To be sourced by scripts/quickstart, which brings `chapter`,
# `tell` and `run_and_show`.
#
#   walk_all PLATFORM...     copies the samples below $folder and walks through each platform
#
# It takes $root, $folder, $bold and $plain from there, too.
#
# In a walk, `== ` begins a heading, `$ ` a command that ends with 0, `$3 ` one that ends with 3; other lines are
# paragraphs, parted by empty lines. Commands run one after another in the walk's own folder.

# Every platform that has a walk.
walk_names() {
    local file
    for file in "$root"/config/samples/adoption/*/walk.txt; do
        basename "$(dirname "$file")"
    done
}

walk_all() {
    local platform
    if [ -e "$folder/config/samples/adoption" ]; then
        echo "error: $folder has the outcome of an earlier walk" >&2
        echo "hint: name another folder, or none" >&2
        return 73
    fi
    mkdir -p "$folder/output" "$folder/config/samples"
    cp -R "$root/config/platforms" "$folder/config/"
    cp -R "$root/config/samples/adoption" "$folder/config/samples/"
    for platform in "$@"; do
        cd "$folder/config/samples/adoption/$platform" || return
        export ROLLCALL_CONFIG=$PWD/rollcall.yaml
        walk_through walk.txt "$platform"
    done
}

# walk_through FILE PREFIX: the prefix is for the names of files with output.
walk_through() {
    local line code lines paragraph=
    while IFS= read -r line <&3 || [ -n "$line" ]; do
        case $line in
            '== '* | '$'* | '')
                [ -z "$paragraph" ] || printf '\n%s\n' "$(tell "$paragraph")"
                paragraph=
                ;;
        esac
        case $line in
            '') ;;
            '== '*) chapter "${line#== }" ;;
            '$'*)
                code=${line%% *}
                code=${code#$}
                line=${line#* }
                # All users are many lines of one kind; the file has them.
                if [ "$line" = "rollcall users" ]; then lines=8; else lines=80; fi
                printf '\n%s$ %s%s\n' "$bold" "$line" "$plain"
                run_and_show "${code:-0}" "$lines" "$2-$(walk_word "$line")" bash -c "$line"
                ;;
            *) paragraph+="${paragraph:+ }$line" ;;
        esac
    done 3<"$1"
}

# What a file with a command's output is called: the command, or Rollcall's own command.
walk_word() {
    # shellcheck disable=SC2086
    set -- $1
    if [ "$1" = rollcall ]; then printf '%s' "$2"; else printf '%s' "$1"; fi
}
