#!/bin/sh
# Makes the system of a Raspberry Pi read-only: what gridwright writes goes to a partition of its own (label gridwright-data), logs to
# memory. May be run again. It changes nothing that runs: the next start is the first one with it.
set -eu

ROOT=''
DRY=no
DATA=/data
KEPT='etc opt var/lib var/cache var/backups'

fail() {
  printf 'read-only.sh: %s\n' "$*" >&2
  exit 1
}
run() {
  if [ "$DRY" = yes ]; then printf 'would: %s\n' "$*"; else "$@"; fi
}
write() {
  if [ "$DRY" = yes ]; then
    cat >/dev/null
    printf 'would: write %s\n' "$1"
  else
    mkdir -p "$(dirname "$1")"
    cat >"$1.new"
    mv "$1.new" "$1"
  fi
}

while [ $# -gt 0 ]; do
  case "$1" in
    --root)
      ROOT=${2%/}
      shift
      ;;
    --dry-run) DRY=yes ;;
    *) fail 'read-only.sh [--root DIR] [--dry-run]' ;;
  esac
  shift
done
[ "$DRY" = yes ] || [ "$(id -u)" = 0 ] || fail 'must be run as root'
[ -n "$ROOT" ] || [ -e /dev/disk/by-label/gridwright-data ] || fail 'there is no partition with the label gridwright-data: see README.md beside this'

# Once, while nothing is mounted over them.
move() {
  run mkdir -p "$ROOT$DATA"
  [ -n "$ROOT" ] || mountpoint -q "$DATA" || run mount LABEL=gridwright-data "$DATA"
  for path in $KEPT; do
    to=$ROOT$DATA/$path/gridwright
    [ ! -d "$to" ] || continue
    run mkdir -p "$(dirname "$to")" "$ROOT/$path/gridwright"
    run cp -a "$ROOT/$path/gridwright" "$to"
  done
}

# The lines of the card stay, root and boot become read-only; ours stand between two marks.
table() {
  sed '/^# gridwright begins/,/^# gridwright ends/d' "$ROOT/etc/fstab" |
    awk '$2 == "/" || $2 ~ /^\/boot/ { sub(/,?(ro|rw)(,|$)/, ",", $4); sub(/^,/, "", $4); sub(/,$/, "", $4); $4 = ($4 == "" ? "" : $4 ",") "ro" } { print }'
  echo '# gridwright begins'
  echo "LABEL=gridwright-data $DATA ext4 noatime,commit=10,errors=remount-ro 0 2"
  for path in $KEPT; do echo "$DATA/$path/gridwright /$path/gridwright none bind,x-systemd.requires-mounts-for=$DATA 0 0"; done
  for path in /tmp /var/tmp /var/log; do echo "tmpfs $path tmpfs nosuid,nodev,size=64m 0 0"; done
  echo '# gridwright ends'
}

settings() {
  write "$ROOT/etc/systemd/journald.conf.d/gridwright.conf" <<'CONF'
[Journal]
Storage=volatile
RuntimeMaxUse=32M
CONF
  run mkdir -p "$ROOT/etc/systemd/system"
  for unit in dphys-swapfile.service rpi-swap.service apt-daily.timer apt-daily-upgrade.timer man-db.timer; do
    run ln -sfn /dev/null "$ROOT/etc/systemd/system/$unit"
  done
  run rm -f "$ROOT/var/swap"
}

boot() {
  folder=$ROOT/boot/firmware
  [ -d "$folder" ] || return 0
  grep -qx 'dtparam=watchdog=on' "$folder/config.txt" || (cat "$folder/config.txt" && echo 'dtparam=watchdog=on') | write "$folder/config.txt"
  grep -qw 'cgroup_enable=memory' "$folder/cmdline.txt" || sed '1s/$/ cgroup_enable=memory/' "$folder/cmdline.txt" | write "$folder/cmdline.txt"
}

move
table | write "$ROOT/etc/fstab"
settings
boot
[ "$DRY" = yes ] || echo 'From the next start on the system is read-only: sudo reboot'
