#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Run by test_systemd.py as a unit of a tree that was booted: three parties as units, questions through
# pipes, one party lost. What was seen goes to /seen.
exec > /seen/log 2>&1
set -x
trap 'systemctl poweroff --no-block' EXIT

for role in 0 1 2; do
  folder=/etc/mpcc/party$role
  cp /plans/party$role.plan /keys/ca.crt /keys/party$role.crt /keys/party$role.key "$folder"
  echo "PEERS=127.0.0.1:9100,127.0.0.1:9101,127.0.0.1:9102" > "$folder/settings"
  chown -R "mpcc$role:" "$folder"
  chmod 600 "$folder"/*
done
systemctl start mpcc-party@2 mpcc-party@1 mpcc-party@0 || exit

# Somebody of the group may ask and read answers, and nothing else.
useradd --groups mpcc1 asker
as_asker() { setpriv --reuid=asker --regid=asker --init-groups "$@"; }
ask() { as_asker bash -c 'cat /ids.json > /run/mpcc/questions'; }
as_asker cat /etc/mpcc/party1/party1.key > /seen/key_of_asker
as_asker timeout 120 cat /run/mpcc/answers > /seen/answers &
# ask_until COUNT: asks until there are so many answers.
ask_until() {
  set +x
  for ((i = 0; i < 60; i++)); do
    (($(grep -c outputs /seen/answers) >= $1)) && return
    as_asker timeout 5 bash -c 'cat /ids.json > /run/mpcc/questions'
    sleep 1
  done
}
ask_until 1

for role in 0 1 2; do
  pid=$(systemctl show --property=MainPID --value mpcc-party@$role)
  cp /proc/$pid/status /seen/status$role
  cp /proc/$pid/limits /seen/limits$role
  cp /proc/$pid/mountinfo /seen/mounts$role
  stat -c '%a %U' /var/lib/mpcc/party$role > /seen/state$role
done

# A party that is killed is started again, and the others wait for it.
systemctl kill --signal=KILL mpcc-party@2
ask_until 3
systemctl show --property=NRestarts --value mpcc-party@2 > /seen/restarts2

# An upgrade restarts the parties, with the set-up that they have; a removal stops them.
pids() { for role in 0 1 2; do systemctl show --property=MainPID --value mpcc-party@$role; done; }
pids > /seen/pids
dpkg --install /mpcc-runtime.deb
pids >> /seen/pids
ask_until 5
dpkg --remove mpcc-runtime
systemctl is-failed mpcc-party@0 mpcc-party@1 mpcc-party@2 > /seen/failed
journalctl --no-pager --output=cat --unit='mpcc-party@*' > /seen/journal
