#!/usr/bin/env bash
# VoxMake: installs what it needs, builds what has changed, and runs the graph. All options go to the host: ./build.sh --help
#
#   ./build.sh                        configs/quickstart.yaml, to its last target
#   ./build.sh --target=Test          every test
#
# When nothing of the source has changed, the .NET SDK is not called at all.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$root/artifacts/bin
stamp=$root/artifacts/built

# What the build is made of: name, size and both times of every source file. A file that is touched, edited, set back or removed changes it.
state() {
  cd "$root" && find build src tools Directory.Build.props Directory.Packages.props global.json VoxMake.slnx build.sh \
    \( -name bin -o -name obj \) -prune -o -type f -printf '%p %s %T@ %C@\n' | LC_ALL=C sort
}

# Debian packages, each with the reason for it. The second field is what tells that it is there.
needed=(
  "libsndfile1|lib:libsndfile.so.1|reads wav, flac, ogg, opus and mp3"
  "libsoxr0|lib:libsoxr.so.0|resamples"
  "ffmpeg|cmd:ffmpeg|decodes everything else: video, m4a, wma"
  "libtorch-dev|torch:/usr/include/torch/csrc/api/include|trains and speaks, on the CPU (a PyTorch named by VOX_TORCH, or one of the python3 on PATH, does as well)"
  "libopenblas0-pthread|torch:/usr/lib/*-linux-gnu/openblas-pthread/libblas.so.3|makes that libtorch thirty times faster"
  "g++|cmd:g++|compiles the bridge to libtorch, once"
)

# Whether libtorch is Debian's, found in the order of src/VoxMake.Torch/Native/LibtorchPlace.cs: what VOX_TORCH names, else the torch of the python on PATH, else Debian's.
uses_debians_torch() {
  local folder=${VOX_TORCH:-}
  [ -n "$folder" ] || folder=$(python3 -c "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')" 2>/dev/null || true)
  if [ -n "$folder" ] && [ -f "$folder/lib/libtorch.so" ] && [ -d "$folder/include/torch/csrc" ]; then
    [[ $(readlink -f "$folder/lib/libtorch.so") == /usr/lib/* ]] # Debian's python3-torch is made of Debian's libtorch
  else
    [ -z "${VOX_TORCH:-}" ] # whoever names one does not want another; vox-train says what is wrong with it
  fi
}

is_there() {
  case $1 in
    lib:*) grep -qF "${1#lib:}" <<<"$libraries" ;;
    cmd:*) command -v "${1#cmd:}" >/dev/null ;;
    torch:*) [ "$debians_torch" = no ] || compgen -G "${1#torch:}" >/dev/null ;;
  esac
}

install_packages() {
  local libraries debians_torch=no missing=() entry package probe reason
  libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true)
  if uses_debians_torch; then debians_torch=yes; fi
  for entry in "${needed[@]}"; do
    IFS='|' read -r package probe reason <<<"$entry"
    is_there "$probe" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local become=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then become=(sudo); else
      echo "VoxMake needs these Debian packages, and may not install them (no root, no sudo without a password):" >&2
      for entry in "${needed[@]}"; do
        IFS='|' read -r package probe reason <<<"$entry"
        is_there "$probe" || printf '  %-21s %s\n' "$package" "$reason" >&2
      done
      echo "Install them, then run this again:  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
      exit 2
    fi
  fi
  if ! command -v apt-get >/dev/null; then
    echo "VoxMake needs ${missing[*]}; this is no Debian system, so install what your system calls them, then run this again." >&2
    exit 2
  fi
  echo "installing ${missing[*]} (a minute or two)" >&2
  local log=$root/artifacts/apt.log
  mkdir -p "$root/artifacts"
  if ! { "${become[@]}" apt-get update && "${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    echo "apt-get could not install ${missing[*]}; the whole log is in $log" >&2
    exit 1
  fi
}

build() {
  if ! command -v dotnet >/dev/null; then
    echo "VoxMake is built with the .NET 10 SDK, and there is no dotnet on the PATH. Install it (package dotnet-sdk-10.0), then run this again." >&2
    exit 2
  fi
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
  local log=$root/artifacts/build.log
  mkdir -p "$root/artifacts"
  rm -f "$stamp"
  echo "building VoxMake (about a minute the first time)" >&2
  if ! dotnet publish "$root/build/Publish.proj" --nologo -verbosity:quiet -maxcpucount:2 >"$log" 2>&1; then
    grep -E 'error|warning' "$log" | sort -u | head -n 20 >&2 || tail -n 20 "$log" >&2
    echo "VoxMake does not build; the whole log is in $log" >&2
    exit 1
  fi
}

# Compiles the bridge to the libtorch at hand into the user's cache, where that was not done yet, and says so. Now, since a target that has to wait for it would be silent.
# What is wrong with libtorch is said, but is in nobody's way who only prepares data.
prepare_torch() {
  [ ! -x "$bin/vox-train" ] || "$bin/vox-train" versions >/dev/null || true
}

# onnxruntime, on which the network for voice activity runs: from the npm package that src/VoxMake.Onnx/Native/package-lock.json names, digest and all, since Debian has none. The order in which
# programs look for it is that of src/VoxMake.Onnx/Native/OnnxPlace.cs. Only some configurations need it, so nothing here stops the build.
prepare_onnx() {
  local library=$bin/native/libonnxruntime.so work=$root/artifacts/npm log=$root/artifacts/npm.log
  rm -f "$log"
  if [ -e "$library" ] || [ -n "${VOX_ONNXRUNTIME:-}" ] || (PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true) | grep -qF libonnxruntime.so; then return 0; fi
  if ! command -v npm >/dev/null; then
    echo "there is no npm, which onnxruntime comes by: voice activity will not work, all else does (apt-get install npm, then run this again)" >&2
    return 0
  fi
  mkdir -p "$work" "$bin/native"
  cp "$root/src/VoxMake.Onnx/Native/"{package.json,package-lock.json,.npmrc} "$work/"
  if (cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1) >"$log" 2>&1 && mv "$work/node_modules/sherpa-onnx-linux-x64/libonnxruntime.so" "$library"; then
    rm -rf "$work" "$log"
  else
    echo "npm could not get onnxruntime: voice activity will not work, all else does (set VOX_ONNXRUNTIME to a libonnxruntime.so, or remove the log, $log, and run this again)" >&2
  fi
}

now=$(state)
if [ ! -f "$stamp" ] || [ "$now" != "$(<"$stamp")" ] || [ ! -x "$bin/vox" ]; then
  install_packages
  build
  prepare_torch
  prepare_onnx
  printf '%s\n' "$now" >"$stamp.tmp" && mv "$stamp.tmp" "$stamp"
elif [ ! -e "$bin/native/libonnxruntime.so" ] && [ ! -e "$root/artifacts/npm.log" ] && command -v npm >/dev/null; then
  prepare_onnx # npm was not there when VoxMake was built, and is now
fi
exec "$bin/vox" "$@"
