# Sourced by the other scripts here: where things are, and what they share.
# shellcheck shell=bash

# Another root, for trying these scripts without touching the computer.
root=${KIOSK_ROOT:-}
opt=$root/opt/mbc-voice
releases=$opt/releases
current=$opt/current
settings=$root/etc/mbc-voice
models=$root/var/lib/mbc-voice/models
cache=$root/var/cache
units=$root/etc/systemd/system
policies=$root/etc/chromium/policies/managed
port=${MBC_VOICE_KIOSK_PORT:-$(sed -n 's/^port *= *\([0-9]\{1,\}\).*/\1/p' "$settings/mbc-voice.toml" 2>/dev/null || true)}
port=${port:-8750}
healthy_seconds=${KIOSK_HEALTHY_SECONDS:-90}
healthy_pause=${KIOSK_HEALTHY_PAUSE:-1}
keep=3

# Debian's packages: what the assistant needs, and what a screen needs besides.
# shellcheck disable=SC2034 # used by install and bundle
assistant_packages=(ca-certificates python3 python3-venv libportaudio2 espeak-ng alsa-utils)
# shellcheck disable=SC2034
screen_packages=(cage xwayland procps chromium fonts-dejavu-core dbus libpam-systemd)

# What the service tells the program, for whoever starts it by hand.
environment=(
  MBC_VOICE_SETTINGS=/etc/mbc-voice/mbc-voice.toml
  XDG_CACHE_HOME=/var/cache XDG_STATE_HOME=/var/lib XDG_CONFIG_HOME=/var/lib/mbc-voice/config
  PYTHONDONTWRITEBYTECODE=1
)

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 2
}

need_root() {
  if [[ -z $root ]] && ((EUID != 0)); then
    fail "This changes the computer: start it with sudo."
  fi
}

# as_kiosk ARGUMENTS: the program, as the user and with the settings that the service has.
as_kiosk() {
  local as=(runuser -u mbc-voice --)
  if [[ -n $root ]]; then as=(); fi
  (cd / && "${as[@]}" env "${environment[@]}" HOME=/var/lib/mbc-voice \
    "$current/.venv/bin/mbc-voice" "$@")
}

# release_in_use: prints the folder of the release in use, or nothing.
release_in_use() {
  if [[ -L $current ]]; then readlink -- "$current"; fi
}

# use RELEASE: this one from the next start on, with its services; the link changes in one step.
use() {
  ln -sfn -- "$1" "$current.new"
  mv -Tf -- "$current.new" "$current"
  place_services "$1/deploy"
}

# place_services FOLDER: the services that lie there; those of the screen where there is one.
place_services() {
  if [[ ! -d $1/systemd ]]; then return; fi
  install -D -m 644 -t "$units" -- "$1/systemd/mbc-voice.service"
  if [[ -e $units/mbc-voice-screen.service ]]; then place_screen "$1"; fi
  systemctl daemon-reload
}

place_screen() {
  install -D -m 644 -t "$units" -- "$1/systemd/mbc-voice-screen.service"
  install -D -m 644 -t "$policies" -- "$1/chromium/mbc-voice.json"
}

restart() { systemctl restart mbc-voice.service 2>/dev/null; }

# The browser has the page of the version before.
reload_screen() {
  if [[ -e $units/mbc-voice-screen.service ]]; then systemctl try-restart mbc-voice-screen.service; fi
}

# Whether the assistant says, three times in a row, that it is well. However slow this computer is, it
# is asked some times.
is_healthy() {
  local good=0 tries until=$((SECONDS + healthy_seconds))
  for ((tries = 0; tries < 6 || SECONDS < until; tries++)); do
    if says_ok; then
      ((good += 1))
      if ((good == 3)); then return 0; fi
    else
      good=0
    fi
    sleep "$healthy_pause"
  done
  return 1
}

# GET /health, with TLS where there is a certificate: it is this computer that is asked. Not by curl,
# which a bare Debian lacks.
says_ok() {
  python3 -c '
import ssl, sys, urllib.error, urllib.request
unchecked = ssl._create_unverified_context()
for scheme in "http", "https":
    address = f"{scheme}://127.0.0.1:{sys.argv[1]}/health"
    try:
        sys.exit(urllib.request.urlopen(address, timeout=5, context=unchecked).status != 200)
    except urllib.error.HTTPError:
        break
    except Exception:
        pass
sys.exit(1)' "$port" 2>/dev/null
}

# unpack SOURCE FOLDER: puts a checkout, or a packed one, into a new folder.
unpack() {
  local source=$1 folder=$2
  mkdir -p -- "$folder"
  if [[ -d $source ]]; then
    # Without what is made on the way, of which each version has its own.
    tar -C "$source" --exclude=./.git --exclude=./.venv --exclude='./.*_cache' --exclude=./.hypothesis \
      --exclude=__pycache__ --exclude=./tests/audio --exclude='./models/*/*' --exclude=./bundle/debs \
      -cf - . |
      tar -C "$folder" -xf -
  else
    tar -C "$folder" -xf "$source" 2>/dev/null ||
      fail "$source can't be unpacked. Is it the whole file?"
  fi
  [[ -x $folder/run && -f $folder/pyproject.toml ]] ||
    fail "$source does not hold mbc-voice: there is no run and no pyproject.toml in it."
}

# set_up RELEASE: its packages and models, and a last look before it is used. Without a network,
# everything comes from the folders that `bundle` packed.
set_up() {
  local release=$1 model
  mkdir -p -- "$models" "$cache/mbc-voice"
  # With the kiosk's own settings and cache: what is spoken ahead is then what it will say.
  export MBC_VOICE_PATHS_MODELS=$models XDG_CACHE_HOME=$cache
  if [[ -e $settings/mbc-voice.toml ]]; then export MBC_VOICE_SETTINGS=$settings/mbc-voice.toml; fi
  if [[ -d $release/bundle ]]; then
    export PIP_NO_INDEX=1 PIP_FIND_LINKS=$release/bundle/wheels
    for model in "$release"/bundle/models/*/; do
      if [[ -d $model && ! -e $models/$(basename -- "$model") ]]; then cp -r -- "$model" "$models/"; fi
    done
  fi
  "$release/run" --version >/dev/null || return 1
  say "Trying it out…"
  rm -rf -- "$release/bundle"
  chmod -R a+rX -- "$release" "$models"
  "$release/.venv/bin/mbc-voice" models verify >/dev/null || return 1
  "$release/.venv/bin/mbc-voice" content check >/dev/null || return 1
  "$release/.venv/bin/mbc-voice" understand what is metastatic breast cancer >/dev/null || return 1
  if [[ -z $root ]]; then chown -R mbc-voice:mbc-voice -- "$cache/mbc-voice"; fi
}

# Only the newest few are kept, and never fewer than the one in use and the one before.
forget_old_releases() {
  local release kept=0 used previous
  used=$(release_in_use)
  previous=$(cat -- "$opt/previous" 2>/dev/null || true)
  while IFS= read -r release; do
    ((kept += 1))
    if ((kept <= keep)) || [[ $release == "$used" || $release == "$previous" ]]; then continue; fi
    rm -rf -- "$release"
  done < <(find "$releases" -mindepth 1 -maxdepth 1 -type d | sort -r)
}

# new_release FOLDER: prints where a release made now belongs; names sort by time.
new_release() {
  local stamp
  stamp=$(date -u +%Y%m%d-%H%M%S)
  while [[ -e $releases/$stamp ]]; do stamp=$stamp+; done
  printf '%s\n' "$releases/$stamp"
}
