#!/usr/bin/env bash
# Readies GDAL for Java: the natives of Debian 12 and the JNI library that the jar org.gdal:gdal calls.
#
# Debian ships GDAL 3.6 (libgdal32) without its Java bindings. This script installs the runtime packages and
# builds only the missing JNI library, from the sources of exactly the GDAL that is installed, with SWIG. The
# jar comes from Maven. Jar and natives must be of one GDAL line: 3.6.
#
#   ops/setup/gdal.sh           installs what is missing; does nothing, quickly, where all is there
#   ops/setup/gdal.sh --check   installs nothing; exit status 1 where something is missing
#
# LANDSHIFT_GDAL_JNI   a folder that holds libgdalalljni.so of GDAL 3.6: it is used, nothing is installed
# JAVA_HOME            a JDK, for its JNI headers (the launcher sets it)
#
# shellcheck disable=SC1091 # /etc/os-release is the machine's
set -euo pipefail
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

readonly GDAL_LINE=3.6 GDAL_SONAME=32
readonly JNI_FOLDER=/usr/lib/jni LIBRARY=libgdalalljni.so
# Fonts and fontconfig: the report's picture is drawn without a display, and Java draws no text without them.
readonly RUNTIME_PACKAGES=(libgdal32 gdal-data proj-data libfontconfig1 fonts-dejavu-core)
readonly BUILD_PACKAGES=(swig g++ ca-certificates xz-utils)

fail() {
  printf 'landshift: %s\n' "$@" >&2
  exit 1
}

# The folder that the user supplies is trusted as far as its GDAL line can be seen.
check_supplied() {
  local folder=$1 library linked
  for library in "$folder/$LIBRARY" "$folder/libgdalalljni.dylib" "$folder/libgdalalljni.jnilib"; do
    [[ -e $library ]] || continue
    linked=$(ldd "$library" 2>/dev/null || otool -L "$library" 2>/dev/null || true)
    [[ $linked != *libgdal.* || $linked == *libgdal.so."$GDAL_SONAME"* || $linked == *libgdal."$GDAL_SONAME".* ]] ||
      fail "$library is linked to another GDAL than $GDAL_LINE (libgdal.so.$GDAL_SONAME)." \
        "Point LANDSHIFT_GDAL_JNI at Java bindings built against GDAL $GDAL_LINE."
    return 0
  done
  fail "LANDSHIFT_GDAL_JNI=$folder holds no $LIBRARY."
}

installed() {
  [[ $(dpkg-query -W -f='${Status}\n' "$@" 2>/dev/null | grep -c ' ok installed$') -ge $# ]]
}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -- "$@"
  else
    fail "installing GDAL needs root: run 'ops/setup/gdal.sh' as root once."
  fi
}

install_packages() {
  local missing=() package
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  [[ ${#missing[@]} -eq 0 ]] && return
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Private view of the machine's own package sources with deb-src: /etc/apt stays as it is, no mirror is named here.
source_view() {
  local work=$1 codename=$2 file
  mkdir -p "$work"/lists/partial "$work"/cache/archives/partial "$work"/parts
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    awk -v c="$codename" '$1 == "deb" && $0 ~ (" " c "(-updates|-security)? ") && / main/ {
      sub(/^deb/, "deb-src"); print }' >"$work/parts/machine.list" || true
  for file in /etc/apt/sources.list.d/*.sources; do
    if [[ -e $file ]]; then cat "$file" && echo; fi
  done | awk -v c="$codename" 'BEGIN { RS = ""; ORS = "\n\n" }
      $0 ~ ("Suites:[^\n]*" c) && /Components:[^\n]*main/ && /Types:[^\n]*deb/ {
      sub(/Types:[^\n]*/, "Types: deb-src"); print }' >"$work/parts/machine.sources"
}

fetch_sources() {
  local work=$1 source_version=$2 binary_version=$3 upstream=$4 codename=$5
  source_view "$work" "$codename"
  local view=(-o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/parts"
    -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root)
  apt-get "${view[@]}" update -qq
  cd "$work"
  # apt checks the archive against the signed index of sources.
  apt-get "${view[@]}" -qq source --download-only "gdal=$source_version"
  tar xJf gdal_*.orig.tar.xz --wildcards '*/swig/include' '*/ogr/ogr_srs_api.h' '*/VERSION'
  [[ $(cat "$work"/gdal-*/VERSION) == "$upstream" ]] ||
    fail "the sources of GDAL are $(cat "$work"/gdal-*/VERSION), the installed libgdal32 is $upstream." \
      "Bring the machine's packages to one state (apt-get upgrade) and run this again."
  # Headers only: libgdal-dev itself would install about 90 further packages.
  apt-get download -qq -o APT::Sandbox::User=root "libgdal-dev=$binary_version" 2>/dev/null || {
    as_root apt-get update -qq
    apt-get download -qq -o APT::Sandbox::User=root "libgdal-dev=$binary_version"
  }
  dpkg -x libgdal-dev_*.deb headers
}

build_library() {
  local work=$1 jdk=$2 include sources module
  sources=$(echo "$work"/gdal-*/swig/include)
  include=$(dirname "$(find "$work/headers/usr/include" -name gdal.h)")
  cd "$work"
  for module in gdalconst gdal ogr osr gnm; do
    local language=(-c++) extension=cpp
    if [[ $module == gdalconst ]]; then language=() extension=c; fi
    mkdir -p "java/$module"
    swig -I"$sources" -I"$sources/java" "${language[@]}" -java -package "org.gdal.$module" \
      -outdir "java/$module" -o "${module}_wrap.$extension" "$sources/$module.i" 2>>swig.log ||
      fail "SWIG failed on $module: $(tail -n 3 swig.log)"
  done
  # The wrappers are generated: their warnings are nobody's to fix.
  printf '%s\n' ./*_wrap.c* | xargs -P "$(nproc)" -I{} gcc -O2 -fPIC -w -fno-strict-aliasing \
    -I"$jdk/include" -I"$jdk/include/linux" -I"$include" -I. -c {} -o {}.o
  g++ -shared -Wl,-z,relro,-z,now -Wl,--no-undefined -Wl,-soname,"$LIBRARY" -o "$LIBRARY" ./*.o -l:libgdal.so."$GDAL_SONAME"
  strip --strip-unneeded "$LIBRARY"
}

# The file carries the exact version of the package that it was built for: an upgrade of GDAL asks for a new one.
library_is_current() {
  local binary_version=$1
  [[ -e $JNI_FOLDER/$LIBRARY.$binary_version && -e $JNI_FOLDER/$LIBRARY && -e /usr/lib/$LIBRARY ]]
}

main() {
  if [[ -n ${LANDSHIFT_GDAL_JNI:-} ]]; then
    check_supplied "$LANDSHIFT_GDAL_JNI"
    return
  fi
  local system='' codename=''
  if [[ -e /etc/os-release ]]; then
    system=$(. /etc/os-release && echo "${ID:-}${VERSION_ID:-}")
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  fi
  [[ $system == debian12 ]] ||
    fail "this set-up knows Debian 12 only; this machine is '${system:-not Debian}'." \
      "Install GDAL $GDAL_LINE with its Java bindings (libgdalalljni) and set" \
      "LANDSHIFT_GDAL_JNI=/folder/with/the/library. Another GDAL line than $GDAL_LINE does not fit the jar."

  local binary_version
  binary_version=$(dpkg-query -W -f='${Version}' libgdal32 2>/dev/null || true)
  if [[ -n $binary_version ]] && installed "${RUNTIME_PACKAGES[@]}" && library_is_current "$binary_version"; then return; fi
  [[ ${1:-} != --check ]] || exit 1

  echo "landshift: setting up GDAL $GDAL_LINE, once: about 1 min" >&2
  [[ -e ${JAVA_HOME:-}/include/jni.h ]] || fail "JAVA_HOME must be a JDK with its headers (include/jni.h)."
  install_packages "${RUNTIME_PACKAGES[@]}"
  binary_version=$(dpkg-query -W -f='${Version}' libgdal32)
  if library_is_current "$binary_version"; then return; fi
  install_packages "${BUILD_PACKAGES[@]}"
  local source_version work
  source_version=$(dpkg-query -W -f='${source:Version}' libgdal32)
  work=$(mktemp -d -t landshift-gdal.XXXXXX)
  # shellcheck disable=SC2064 # the folder's name is wanted as it is now
  trap "rm -rf '$work'" EXIT
  # apt drops its privileges for some steps and must still reach the folder.
  chmod 755 "$work"
  (fetch_sources "$work" "$source_version" "$binary_version" "${source_version%%+*}" "$codename")
  (build_library "$work" "$JAVA_HOME")
  as_root install -D -m 0644 "$work/$LIBRARY" "$JNI_FOLDER/$LIBRARY.$binary_version"
  as_root ln -sf "$LIBRARY.$binary_version" "$JNI_FOLDER/$LIBRARY"
  # Debian's JDK looks into /usr/lib/jni, the others only into /usr/lib.
  as_root ln -sf "$JNI_FOLDER/$LIBRARY" "/usr/lib/$LIBRARY"
}

main "$@"
