#!/bin/sh
# Installs gridwright as a service on Raspberry Pi OS or Debian 12 and later, or takes it away and keeps all data. It may be run
# again at any time: what is there already stays as it is. It asks nothing. Units, users and folders are links into the current
# release, so that an update never leaves those of another one.
set -eu

HELP="install.sh [--site FILE] [--listen ADDRESS] [--flows] [--mosquitto] [--influxdb] [--grafana]
           [--outside] [--root DIR] [--no-start] [--dry-run]
install.sh --uninstall

  --site FILE      the site file; without it a new place is begun, on which nothing is connected yet
  --listen ADDRESS opens the page to phones: this machine's address in the people's own network
  --flows          technicians' flows (Node-RED) run, too
  --mosquitto      installs mosquitto as the site's broker instead of the embedded one; again after another broker: in
                   the site file
  --influxdb       installs InfluxDB: loopback alone, by TLS, with passwords of its own
  --grafana        gives the dashboards to a Grafana that is installed
  --outside        services may reach the internet: alerts by e-mail, a weather service, a database elsewhere
  --root DIR       installs into the tree of another system, which is not running
  --no-start       starts nothing
  --dry-run        says what it would do
  --uninstall      takes the service away; data and configuration stay"

HERE=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
ROOT=''
SITE=''
LISTEN=''
FLOWS=no
MOSQUITTO=no
INFLUXDB=no
GRAFANA=no
OUTSIDE=no
START=yes
DRY=no
DO=install
KEEP_RELEASES=no
PROCESSES='control broker services flows'
# What may run beside it, and gets its certificates and logins of it.
PEERS='mosquitto influxdb'

say() { printf '%s\n' "$*"; }
fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}
# Does it, or says it.
run() {
  if [ "$DRY" = yes ]; then say "would: $*"; else "$@"; fi
}
# write PATH MODE: standard input becomes the file.
write() {
  if [ "$DRY" = yes ]; then
    cat >/dev/null
    say "would: write $1"
  else
    (umask 077 && cat >"$1.new")
    chmod "$2" "$1.new"
    mv "$1.new" "$1"
  fi
}
live() { [ -z "$ROOT" ] && [ -d /run/systemd/system ]; }
ctl() { if [ -n "$ROOT" ]; then run systemctl --root="$ROOT" "$@"; else run systemctl "$@"; fi; }
# The tools of systemd know other trees by a flag, and none for this one.
tool() {
  program=$1
  shift
  if [ -n "$ROOT" ]; then run "$program" --root="$ROOT" "$@"; else run "$program" "$@"; fi
}

while [ $# -gt 0 ]; do
  case "$1" in
    --site | --listen | --root)
      [ $# -gt 1 ] || fail "$1 needs a value"
      case "$1" in
        --site) SITE=$2 ;;
        --listen) LISTEN=$2 ;;
        --root) ROOT=${2%/} ;;
      esac
      shift
      ;;
    --flows) FLOWS=yes ;;
    --mosquitto) MOSQUITTO=yes ;;
    --influxdb) INFLUXDB=yes ;;
    --grafana) GRAFANA=yes ;;
    --outside) OUTSIDE=yes ;;
    --no-start) START=no ;;
    --dry-run) DRY=yes ;;
    --uninstall) DO=uninstall ;;
    --keep-releases) KEEP_RELEASES=yes ;;
    --here) ;;
    --help | -h) say "$HELP" && exit 0 ;;
    *) fail "what is $1? --help tells" ;;
  esac
  shift
done

OPT=$ROOT/opt/gridwright
ETC=$ROOT/etc/gridwright
UNITS=$ROOT/etc/systemd/system
[ "$DRY" = yes ] || [ "$(id -u)" = 0 ] || fail 'must be run as root: sudo deploy/install.sh'

# ---- away with it ----

uninstall() {
  if live; then
    for unit in gridwright.target gridwright-backup.timer gridwright-backup.service; do run systemctl stop "$unit" || true; done
    for program in $PEERS; do run systemctl stop "gridwright-renew@$program.path" || true; done
    for process in $PROCESSES; do run systemctl stop "gridwright-$process.service" || true; done
  fi
  for path in "$UNITS"/gridwright* "$UNITS"/*.wants/gridwright*; do
    if [ -e "$path" ] || [ -L "$path" ]; then run rm -rf "$path"; fi
  done
  run rm -f "$ROOT/usr/bin/gridwright" "$ROOT/etc/sysusers.d/gridwright.conf" "$ROOT/etc/tmpfiles.d/gridwright.conf" \
    "$ROOT/etc/systemd/system.conf.d/gridwright-watchdog.conf"
  [ "$KEEP_RELEASES" = yes ] || run rm -rf "$OPT" "$ROOT/var/cache/gridwright"
  if live; then run systemctl daemon-reload; fi
  say 'gridwright is uninstalled. Its data and configuration are where they were:'
  say '  /var/lib/gridwright  /etc/gridwright  /var/backups/gridwright'
  say 'Installing it again finds them. Who wants them gone removes these folders.'
  for program in $PEERS; do
    [ ! -d "$ROOT/etc/$program/gridwright" ] || say "$program stays as it was set up, closed, with its data: apt remove $program"
  done
}

# ---- here with it ----

# Before anything is written: an address that phones can reach, and whose broker the site has.
listen() {
  case "$LISTEN" in
    127.* | localhost* | ::1 | '[::1]'*) fail "$LISTEN is this machine as it sees itself: name its address in the people's network (ip addr)" ;;
  esac
}

# What the site file says of the broker: mosquitto, nothing, or another one.
broker_of() {
  text=$(sed -n '/^broker:/,/^[^ #]/p' "$1" 2>/dev/null)
  case "$text" in
    '') say none ;;
    *'program: mosquitto'*) say mosquitto ;;
    *) say other ;;
  esac
}

mosquitto_wanted() {
  [ "$MOSQUITTO" = yes ] && [ "$(broker_of "${SITE:-$ETC/site.yaml}")" = other ] || return 0
  fail "${SITE:-$ETC/site.yaml} names another broker. For mosquitto add to its broker: program: mosquitto, and take url: out; then again"
}

machine() {
  case "$(uname -m)" in
    x86_64 | aarch64) ;;
    *) fail "$(uname -m) is no 64-bit machine that gridwright runs on: use the 64-bit Raspberry Pi OS, on a Pi 3B+ or later" ;;
  esac
  [ -e "$ROOT/etc/debian_version" ] || fail 'this is no Debian and no Raspberry Pi OS'
  command -v systemctl >/dev/null || fail 'systemd is missing'
  [ -n "$ROOT" ] || command -v socat >/dev/null || run apt-get install -y --no-install-recommends socat
}

version() { sed -n 's/^  "version": "\(.*\)",$/\1/p' "$HERE/package.json"; }

# From an unpacked release, from a package that lies in its place already, or from the sources (which needs npm).
release() {
  VERSION=$(version)
  to=$OPT/releases/$VERSION
  if [ "$HERE" != "$to" ] && [ ! -d "$to" ]; then
    run mkdir -p "$OPT/releases"
    if [ -x "$HERE/bin/node" ]; then
      run cp -a "$HERE" "$OPT/releases/.$VERSION.new"
      run mv "$OPT/releases/.$VERSION.new" "$to"
    else
      command -v npm >/dev/null || fail 'these are sources: they need npm. Or install the package, which needs nothing.'
      run npm --prefix "$HERE" run package -- --tree "$to"
    fi
  fi
  run ln -sfn "releases/$VERSION" "$OPT/.current.new"
  run mv -T "$OPT/.current.new" "$OPT/current"
}

link() {
  run mkdir -p "$(dirname "$ROOT$2")"
  run ln -sfn "/opt/gridwright/current/deploy/$1" "$ROOT$2"
}

places() {
  link bin/gridwright /usr/bin/gridwright
  link system/sysusers.conf /etc/sysusers.d/gridwright.conf
  link system/tmpfiles.conf /etc/tmpfiles.d/gridwright.conf
  link system/watchdog.conf /etc/systemd/system.conf.d/gridwright-watchdog.conf
  # By their places in the release: in another tree the links lead nowhere from here.
  at=$OPT/current/deploy/system
  tool systemd-sysusers "$at/sysusers.conf"
  tool systemd-tmpfiles --create "$at/tmpfiles.conf"
  run mkdir -p "$ETC"
  owned
}

# What a restore as root wrote belongs to who runs the site.
owned() {
  data=/var/lib/gridwright
  [ -z "$ROOT" ] && [ -d "$data" ] || return 0
  [ ! -d "$data/flows" ] || run chown -Rh --from=root gridwright-flows:gridwright-flows "$data/flows"
  run chown -Rh --from=root gridwright:gridwright "$data"
}

new_site() {
  zone=$(cat "$ROOT/etc/timezone" 2>/dev/null || echo Etc/UTC)
  name=$(tr -dc 'a-z0-9-' <"$ROOT/etc/hostname" 2>/dev/null | sed 's/^[^a-z]*//; s/-*$//')
  sed "s|^  id: .*|  id: ${name:-place}|; s|^  timezone: .*|  timezone: $zone|" "$HERE/deploy/sites/new.yaml"
}

configuration() {
  if [ -n "$SITE" ]; then
    [ "$DRY" = yes ] || [ -n "$ROOT" ] || "$OPT/current/bin/node" --disable-warning=ExperimentalWarning \
      "$OPT/current/controller/cli/main.ts" check "$SITE" || fail "$SITE has mistakes; nothing was changed there"
    write "$ETC/site.yaml" 644 <"$SITE"
  elif [ ! -e "$ETC/site.yaml" ]; then
    new_site | write "$ETC/site.yaml" 644
  fi
  [ -z "$LISTEN" ] || say "$LISTEN" | write "$ETC/listen" 644
  [ "$FLOWS" = no ] || write "$ETC/flows" 644 </dev/null
}

# add_key KEY TEXT: adds to the site file what it does not say yet; what it says stays. False: nothing was added.
add_key() {
  if grep -q "^$1:" "$ETC/site.yaml" 2>/dev/null; then return 1; fi
  if [ "$DRY" = yes ]; then
    say "would: add to $ETC/site.yaml: $1: $2"
    return 0
  fi
  (cat "$ETC/site.yaml" && printf '\n# By install.sh.\n%s: %s\n' "$1" "$2") | write "$ETC/site.more.yaml" 644
  if [ -n "$ROOT" ] || "$OPT/current/deploy/bin/gridwright" check "$ETC/site.more.yaml" >/dev/null 2>&1; then
    mv "$ETC/site.more.yaml" "$ETC/site.yaml"
  else
    rm "$ETC/site.more.yaml"
    return 1
  fi
}

# A mosquitto is the site's broker: then the embedded one is not started, now and at a start of the machine.
instead_of_ours() {
  [ "$MOSQUITTO" = yes ] || [ "$(broker_of "$ETC/site.yaml")" = mosquitto ] || return 0
  PROCESSES='control services flows'
  run rm -f "$UNITS/gridwright.target.wants/gridwright-broker.service"
}

renewing() { run ln -sfn ../gridwright-renew@.path "$UNITS/multi-user.target.wants/gridwright-renew@$1.path"; }

units() {
  run mkdir -p "$UNITS"
  for path in "$HERE"/deploy/units/*; do link "units/$(basename "$path")" "/etc/systemd/system/$(basename "$path")"; done
  if [ "$OUTSIDE" = yes ]; then link system/outside.conf /etc/systemd/system/gridwright-services.service.d/outside.conf; fi
  run mkdir -p "$UNITS/gridwright.target.wants" "$UNITS/multi-user.target.wants" "$UNITS/timers.target.wants"
  for process in $PROCESSES; do
    run ln -sfn "../gridwright-$process.service" "$UNITS/gridwright.target.wants/gridwright-$process.service"
  done
  run ln -sfn ../gridwright.target "$UNITS/multi-user.target.wants/gridwright.target"
  run ln -sfn ../gridwright-backup.timer "$UNITS/timers.target.wants/gridwright-backup.timer"
  # As an installation before this one left them.
  for program in $PEERS; do
    [ ! -d "$ROOT/etc/$program/gridwright" ] || renewing "$program"
  done
  if live; then run systemctl daemon-reload; fi
}

memory_limits() {
  live || return 0
  if ! grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null; then
    say 'advice: this kernel keeps no limits of memory. Say to it: cgroup_enable=memory'
    if [ -e /boot/firmware/cmdline.txt ]; then
      say '  at the end of the one line of /boot/firmware/cmdline.txt, and start the machine anew.'
    else
      say '  in GRUB_CMDLINE_LINUX="…" of /etc/default/grub; then: sudo update-grub, and start the machine anew.'
    fi
  fi
}

# ---- what is wanted beside it ----

secret() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }

drop_in() {
  run mkdir -p "$UNITS/$1.d"
  write "$UNITS/$1.d/gridwright.conf" 644
}

# whose LINE: owner and mode of a path, by names of the tree that it is in (tmpfiles.d).
whose() { printf '%s -\n' "$1" | tool systemd-tmpfiles --create -; }

# peer PROGRAM: the folder in which it finds what the site gives it, the files themselves, and who tells it of new ones.
peer() {
  whose "d /etc/$1/gridwright 2755 gridwright $1" || fail "$1 is not there: apt install $1"
  renewing "$1"
  [ -n "$ROOT" ] || run "$OPT/current/deploy/bin/gridwright" equip
}

# Started anew however often it failed before.
again() {
  run systemctl daemon-reload
  run systemctl reset-failed "$1.service"
  run systemctl enable "$1.service"
  run systemctl restart "$1.service" "gridwright-renew@$1.path"
}

mosquitto() {
  [ -n "$ROOT" ] || run apt-get install -y --no-install-recommends mosquitto
  add_key broker '{ program: mosquitto }' || [ "$(broker_of "$ETC/site.yaml")" = mosquitto ] ||
    fail "$ETC/site.yaml has mistakes (gridwright check tells): mend them, or write broker: { program: mosquitto } there; then again"
  # Its address in the network of the devices may come up late.
  drop_in mosquitto.service <<'UNIT'
[Unit]
StartLimitIntervalSec=0
[Service]
Restart=always
RestartSec=2s
# A bare Debian has no /bin/kill.
ExecReload=
ExecReload=/bin/sh -c 'kill -HUP $MAINPID'
UNIT
  peer mosquitto
  if [ "$DRY" = yes ]; then say "would: write $ROOT/etc/mosquitto/conf.d/gridwright.conf"; elif [ -z "$ROOT" ]; then
    "$OPT/current/deploy/bin/gridwright" mosquitto-conf | write /etc/mosquitto/conf.d/gridwright.conf 644
  fi
  live || return 0
  run systemctl stop gridwright-broker.service
  again mosquitto
  say "mosquitto is the site's broker, on this machine alone unless the site file says broker: { program: mosquitto, listen: ADDRESS };"
  say '  after a change of that: install.sh --mosquitto again. Logins of devices: gridwright device add.'
}

influxdb() {
  # The package listens on every network, without a password, as soon as it is there: this comes first.
  drop_in influxdb.service <<'UNIT'
[Service]
Environment=INFLUXDB_BIND_ADDRESS=127.0.0.1:8088
Environment=INFLUXDB_HTTP_BIND_ADDRESS=127.0.0.1:8086
Environment=INFLUXDB_HTTP_AUTH_ENABLED=true
Environment=INFLUXDB_HTTP_HTTPS_ENABLED=true
Environment=INFLUXDB_HTTP_HTTPS_CERTIFICATE=/etc/influxdb/gridwright/server.crt
Environment=INFLUXDB_HTTP_HTTPS_PRIVATE_KEY=/etc/influxdb/gridwright/server.key
Environment=INFLUXDB_HTTP_LOG_ENABLED=false
Environment=INFLUXDB_REPORTING_DISABLED=true
UNIT
  if live; then run systemctl daemon-reload; fi
  [ -n "$ROOT" ] || run apt-get install -y --no-install-recommends influxdb influxdb-client
  [ -e "$ETC/influxdb-admin" ] || secret | write "$ETC/influxdb-admin" 600
  [ -e "$ETC/influxdb-password" ] || secret | write "$ETC/influxdb-password" 600
  whose 'z /etc/gridwright/influxdb-password 0600 gridwright gridwright'
  peer influxdb
  target='{ url: "https://127.0.0.1:8086", username: gridwright, passwordFile: influxdb-password, caFile: /etc/influxdb/gridwright/ca.crt }'
  add_key metrics "{ influx: [$target] }" ||
    say "InfluxDB is there. In /etc/gridwright/site.yaml, unless it says so: metrics: { influx: [$target] }"
  live || return 0
  again influxdb
  [ "$DRY" = yes ] || influx_users
}

influx_query() { SSL_CERT_FILE=/etc/influxdb/gridwright/ca.crt influx -ssl -host 127.0.0.1 -execute "$1"; }

influx_users() {
  export INFLUX_USERNAME=admin INFLUX_PASSWORD
  INFLUX_PASSWORD=$(cat "$ETC/influxdb-admin")
  tries=0
  until influx_query "CREATE USER admin WITH PASSWORD '$INFLUX_PASSWORD' WITH ALL PRIVILEGES" >/dev/null 2>&1 ||
    influx_query 'SHOW USERS' >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || fail 'InfluxDB does not answer: journalctl -u influxdb'
    sleep 1
  done
  influx_query 'CREATE DATABASE gridwright'
  influx_query "CREATE USER gridwright WITH PASSWORD '$(cat "$ETC/influxdb-password")'" >/dev/null 2>&1 || true
  influx_query 'GRANT ALL ON gridwright TO gridwright'
}

grafana() {
  [ -d "$ROOT/etc/grafana" ] || {
    say 'Grafana is not installed, and Debian has none: https://grafana.com/docs/grafana/latest/setup-grafana/installation/debian/'
    say 'All else is as it was asked for. With Grafana there: install.sh --grafana again.'
    return 0
  }
  from=/opt/gridwright/current/dashboards/grafana/generated
  for kind in datasources dashboards alerting; do
    for path in "$HERE/dashboards/grafana/generated/provisioning/$kind"/*; do
      run mkdir -p "$ROOT/etc/grafana/provisioning/$kind"
      run ln -sfn "$from/provisioning/$kind/$(basename "$path")" "$ROOT/etc/grafana/provisioning/$kind/$(basename "$path")"
    done
  done
  run mkdir -p "$ROOT/var/lib/grafana/plugins"
  for path in "$HERE/dashboards/grafana/generated/plugins"/*/; do
    run ln -sfn "$from/plugins/$(basename "$path")" "$ROOT/var/lib/grafana/plugins/$(basename "$path")"
  done
  [ "$DRY" = yes ] || grafana_variables | write "$ETC/grafana.env" 600
  drop_in grafana-server.service <<UNIT
[Service]
EnvironmentFile=$from/grafana.env
EnvironmentFile=-/etc/gridwright/grafana.env
Environment=GF_SERVER_HTTP_ADDR=127.0.0.1
Environment=SSL_CERT_DIR=/etc/ssl/certs:/etc/influxdb/gridwright
UNIT
  if live; then run systemctl daemon-reload && run systemctl restart grafana-server; fi
}

# Read after the release's own, so that it wins.
grafana_variables() {
  say "GRIDWRIGHT_DASHBOARDS=/opt/gridwright/current/dashboards/grafana/generated/dashboards"
  if [ -e "$ETC/influxdb-password" ]; then
    say 'GRIDWRIGHT_INFLUX_URL=https://127.0.0.1:8086'
    say 'GRIDWRIGHT_INFLUX_USER=gridwright'
    say "GRIDWRIGHT_INFLUX_PASSWORD=$(cat "$ETC/influxdb-password")"
  fi
}

begin() {
  all=gridwright-backup.timer
  for process in $PROCESSES; do all="$all gridwright-$process.service"; done
  # Beside what the site may have from an earlier call.
  for path in "$UNITS"/multi-user.target.wants/gridwright-renew@*; do
    [ ! -L "$path" ] || all="$all $(basename "$path")"
  done
  # Side by side: no unit waits for another one.
  # shellcheck disable=SC2086
  run systemctl restart gridwright.target $all
  [ "$DRY" = yes ] || "$OPT/current/deploy/bin/gridwright" set-up
}

install() {
  listen
  mosquitto_wanted
  machine
  release
  places
  configuration
  instead_of_ours
  units
  memory_limits
  [ "$MOSQUITTO" = no ] || mosquitto
  [ "$INFLUXDB" = no ] || influxdb
  [ "$GRAFANA" = no ] || grafana
  [ "$DRY" = yes ] || say "gridwright $VERSION is installed."
  if [ "$START" = yes ] && live; then begin; else
    say 'Nothing was started. Start it: systemctl start gridwright.target; then: gridwright set-up'
  fi
}

"$DO"
