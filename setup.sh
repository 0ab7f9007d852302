# Sourced by ./run and ./check: sets up whatever is missing, and says so in one line each.
# It prints on standard error only. Quick when nothing is missing: it compares one stamp file.
# shellcheck shell=bash

root=${root:?}
venv=$root/.venv
log=$root/.set-up.log

# set_up run|tests: afterwards $venv/bin holds everything. Returns, or leaves with a reason.
set_up() {
  local purpose=$1
  if has_stamp packages && has_stamp models; then return; fi
  trap 'echo >&2; stopped' INT TERM
  if ! { : >>"$root/.set-up.lock"; } 2>/dev/null; then
    fail "$root can't be written, so nothing can be set up there. Copy it to a folder of yours."
  fi
  exec 9>>"$root/.set-up.lock"
  if command -v flock >/dev/null && ! flock -n 9; then
    say "Another set-up is running here. Waiting for it…"
    flock 9
  fi
  has_stamp packages || set_up_packages
  has_stamp models || set_up_models
  exec 9>&-
  trap - INT TERM
}

set_up_packages() {
  : >"$log"
  install_system_packages
  make_venv
  install_python_packages
  write_stamp packages
}

# Without the models the program still starts, and looks for them again next time; the tests don't.
set_up_models() {
  local status=0
  "$venv/bin/python" -m mbc_voice.models "$purpose" 9>&- || status=$?
  if ((status == 0)); then
    learn_content
    if [[ $purpose == run ]]; then speak_ahead; fi
    write_stamp models
  elif ((status == 130)); then
    stopped
  elif [[ $purpose == tests ]]; then
    fail "The tests need all of these models."
  else
    say "Starting with what is here. The next start tries again."
  fi
}

# What is learnt from the content is kept, so that the first start is as quick as the others.
learn_content() {
  say "Learning the content…"
  "$venv/bin/mbc-voice" understand hello >/dev/null 2>&1 9>&- || true
}

# Every sentence is spoken once now and kept, so that no answer waits for the voice. Without that
# the program still works; it goes on with it by itself whenever it has nothing else to do.
speak_ahead() {
  local status=0
  "$venv/bin/mbc-voice" voices prepare 9>&- || status=$?
  if ((status == 130)); then stopped; fi
}

stopped() {
  say "Stopped. The next start goes on from here."
  exit 130
}

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 2
}

# A stamp holds the checksum of all that a part of the set-up depends on: if any of it changes, that
# part is looked at again. What is enough for the tests is enough to run.
has_stamp() {
  local file
  [[ -x $venv/bin/python && -x $venv/bin/mbc-voice ]] || return 1
  for file in "$venv/.$1-for-$purpose" "$venv/.$1-for-tests"; do
    if [[ -r $file && $(<"$file") == "$(checksum "$1")" ]]; then return; fi
  done
  return 1
}

write_stamp() {
  local file=$venv/.$1-for-$purpose
  checksum "$1" >"$file.new"
  mv -f -- "$file.new" "$file"
}

checksum() {
  {
    printf '%s\n' "$root"
    if [[ $1 == models ]]; then
      printf '%s\n' "${MBC_VOICE_PATHS_MODELS-}"
      cat -- "$root/models/manifest.toml"
    else
      cat -- "$root/setup.sh" "$root/pyproject.toml" "$root"/requirements*.lock
    fi
  } | cksum
}

# ---------------------------------------------------------------- the system's packages

has_library() {
  local ldconfig
  ldconfig=$(command -v ldconfig || echo /sbin/ldconfig)
  # All of its output is read: a pipe closed early would count as a failure.
  [[ -x $ldconfig ]] && [[ $("$ldconfig" -p 2>/dev/null) == *"$1"* ]]
}

has_pulse_plugin() {
  local file
  for file in /usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so /usr/lib*/alsa-lib/libasound_module_pcm_pulse.so; do
    [[ -e $file ]] && return
  done
  return 1
}

missing_packages() {
  has_library libportaudio.so.2 || echo libportaudio2
  { has_library libespeak-ng.so.1 && command -v espeak-ng >/dev/null; } || echo espeak-ng
  [[ -n $(find_python) || -n $(find_python any) ]] || echo python3
  [[ -n $(find_python) ]] || venv_package
  if [[ $purpose == tests ]]; then
    command -v pulseaudio >/dev/null || echo pulseaudio
    command -v pactl >/dev/null || echo pulseaudio-utils
    has_pulse_plugin || echo libasound2-plugins
    command -v flite >/dev/null || echo flite
    command -v openssl >/dev/null || echo openssl
    command -v speech-dispatcher >/dev/null || echo speech-dispatcher
    [[ -x /usr/lib/speech-dispatcher-modules/sd_espeak-ng ]] || [[ -x /usr/libexec/speech-dispatcher-modules/sd_espeak-ng ]] ||
      echo speech-dispatcher-espeak-ng
    has_browser || echo chromium
  fi
}

# Ubuntu has Chromium only as a snap, which nothing here installs.
has_browser() {
  command -v chromium || command -v chromium-browser || command -v google-chrome ||
    grep -qs '^ID=ubuntu' /etc/os-release
} >/dev/null

install_system_packages() {
  local missing apt
  read -r -a missing <<<"$(missing_packages | tr '\n' ' ')"
  if ((${#missing[@]} == 0)); then return; fi
  apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=60)
  if ! command -v apt-get >/dev/null; then
    say "Missing on this system: ${missing[*]}. Install them with its package manager."
    return
  elif ((EUID != 0)); then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
      say "Some parts of the system are missing. Type this once, then start again:"
      say "  sudo apt-get install ${missing[*]}"
      return
    fi
    apt=(sudo -n "${apt[@]}")
  fi
  say "Installing for sound and speech: ${missing[*]}…"
  if ! { "${apt[@]}" install -y --no-install-recommends "${missing[@]}" ||
    { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; }; } \
    </dev/null >>"$log" 2>&1 9>&-; then
    say "That did not work ($log says why). To try it yourself:"
    say "  sudo apt-get update && sudo apt-get install ${missing[*]}"
  fi
}

# ---------------------------------------------------------------- Python

# Prints the first Python from 3.10 to 3.13; with "any", also one that can't make a .venv yet.
find_python() {
  local python check='import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))'
  [[ ${1-} == any ]] || check="import ensurepip, venv; $check"
  for python in python3 python3.13 python3.12 python3.11 python3.10; do
    if command -v "$python" >/dev/null && "$python" -c "$check" 2>/dev/null; then
      command -v "$python"
      return
    fi
  done
}

venv_package() {
  local python
  python=$(find_python any)
  if [[ -z $python || ${python##*/} == python3 ]]; then
    echo python3-venv
  else
    echo "${python##*/}-venv"
  fi
}

venv_works() {
  "$venv/bin/python" -c "
import os, sys
sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13) or not os.path.samefile(sys.prefix, sys.argv[1]))
" "$venv" 2>/dev/null && "$venv/bin/python" -m pip --version >/dev/null 2>&1 &&
    head -n 2 -- "$venv/bin/pip" | grep -qF -- "$venv/"
}

make_venv() {
  local python
  if venv_works; then return; fi
  python=$(find_python)
  [[ -n $python ]] || fail "Python 3.10, 3.11, 3.12 or 3.13 with venv is needed; this computer has none. Install one (on Debian and Ubuntu: python3 and python3-venv), then start again."
  say "Making a place for the program's Python packages (.venv)…"
  "$python" -m venv --clear -- "$venv" >>"$log" 2>&1 9>&- ||
    fail "The folder .venv could not be made ($log says why). Is the disk full?"
}

install_python_packages() {
  local lock=requirements.lock
  if [[ $purpose == tests ]]; then lock=requirements-dev.lock; fi
  say "Installing the program's Python packages (about 150 MB to fetch, once)…"
  pip_install --require-hashes -r "$root/requirements-build.lock"
  pip_install --require-hashes --no-build-isolation -r "$root/$lock"
  pip_install --no-build-isolation --editable "$root"
}

pip_install() {
  local known=0 last=${*: -1}
  if [[ -f $last ]]; then known=$(grep -c == "$last"); fi
  if ! "$venv/bin/python" -m pip install --no-deps --no-input --disable-pip-version-check --retries 2 "$@" \
    </dev/null 2>&1 9>&- | tee -a "$log" | show_count "$known"; then
    say "The Python packages could not be installed: $(last_error)"
    fail "Is there a connection to the internet? Start again to go on. All of it is in $log"
  fi
}

# Counts the packages pip speaks of; on a terminal only.
show_count() {
  local line count=0
  while IFS= read -r line; do
    if [[ $line == Collecting* && -t 2 ]]; then
      printf '\r  %d of at most %d packages ' "$((count += 1))" "$1" >&2
    fi
  done
  if ((count > 0)); then printf '\r\033[K' >&2; fi
}

last_error() { grep -i 'error' "$log" | tail -n 1 | cut -c -200 || true; }
