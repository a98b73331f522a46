#!/bin/sh
# A sweep as a job array of a real Slurm with one node: a task is requeued in the middle, the merged results are those of a local
# sweep. Needs Debian's slurm-wlm and munge, and root for both daemons; installs them when it may. Not part of npm test.
#   test/slurm/run.sh [FOLDER]
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
work=${1:-$(mktemp -d)}
mkdir -p "$work"
work=$(cd "$work" && pwd)
log() { echo "slurm test: $*"; }

if [ "$(id -u)" != 0 ]; then
  log 'slurmd and munged need root'
  exit 2
fi
if ! command -v slurmctld > /dev/null || ! command -v munged > /dev/null; then
  log 'installing slurm-wlm and munge'
  apt-get update -q > "$work/apt.log" 2>&1
  apt-get install -y --no-install-recommends slurm-wlm munge >> "$work/apt.log" 2>&1
fi

# One node, this machine, under a name of its own and on ports that a Slurm in use would not have.
host=$(hostname)
mkdir -p "$work/state" "$work/spool"
cat > "$work/slurm.conf" << CONF
ClusterName=odonata
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=26817
SlurmdPort=26818
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CryptoType=crypto/munge
AuthInfo=socket=$work/munge.socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobCompType=jobcomp/none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
JobRequeue=1
ReturnToService=2
SchedulerParameters=sched_interval=1,requeue_delay=1
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$work/slurm.conf"

pids=
finish() {
  for pid in $pids; do kill "$pid" 2> /dev/null || true; done
  wait 2> /dev/null || true
}
trap finish EXIT
trap 'exit 1' INT TERM

(umask 077 && dd if=/dev/urandom of="$work/munge.key" bs=1 count=1024 2> /dev/null)
munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge.socket" --pid-file="$work/munged.pid" \
  --seed-file="$work/munged.seed" > "$work/munged.out" 2>&1 &
pids="$pids $!"
sleep 1
slurmctld -D > "$work/slurmctld.out" 2>&1 &
pids="$pids $!"
slurmd -D -N "$host" > "$work/slurmd.out" 2>&1 &
pids="$pids $!"

# waits SECONDS for a command to succeed
waits() {
  left=$1
  shift
  until "$@" > /dev/null 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { log "waited in vain for: $*"; exit 1; }
    sleep 1
  done
}
idle() { sinfo -h -o %T | grep -q idle; }
waits 60 idle
log "Slurm $(sinfo --version | cut -d' ' -f2) is up"

odonata() { node "$root/build/odonata.mjs" "$@"; }
plan=$work/plan.json
node -e '
  const { readFileSync, writeFileSync } = require("fs");
  const plan = JSON.parse(readFileSync(process.argv[1], "utf8"));
  writeFileSync(process.argv[2], JSON.stringify({ ...plan, replications: 24 }));
' "$root/plans/limited-transmit.json" "$plan"

log 'the same sweep without Slurm'
odonata sweep "$plan" --out "$work/local" > "$work/local.txt"

log 'submitting'
odonata sweep "$plan" --engine slurm --out "$work/cluster" --shards 3 | tee "$work/submitted.txt"
array=$(sed -n 's/^job \([0-9]*\):.*/\1/p' "$work/submitted.txt")
merge=$(sed -n 's/.*; job \([0-9]*\) merges.*/\1/p' "$work/submitted.txt")

# Runs of the first shard with the wall time that each took: a run that is repeated takes another one. The owner holds the lock of
# the database: this looks at a copy, log and all.
runs() {
  node -e '
    const { Database } = require(process.argv[2] + "/node_modules/node-sqlite3-wasm");
    const { cpSync, existsSync, rmSync } = require("fs");
    // A look that came too early has left its lock.
    rmSync(`${process.argv[3]}.lock`, { recursive: true, force: true });
    for (const end of ["", "-wal"]) {
      rmSync(process.argv[3] + end, { force: true });
      if (existsSync(process.argv[1] + end)) cpSync(process.argv[1] + end, process.argv[3] + end);
    }
    const copy = new Database(process.argv[3]);
    copy.exec("PRAGMA locking_mode = EXCLUSIVE");
    for (const run of copy.all("SELECT point, replication, wall_seconds FROM runs")) console.log(Object.values(run).join(" "));
    copy.close();
  ' "$work/cluster/shards/1/results.db" "$root" "$work/look.db" 2> /dev/null | sort
}
kept() { runs | wc -l; }
at_work() { [ "$(kept)" -ge 3 ]; }
waits 120 at_work

# One task loses its program in the middle, and is told to begin again.
runs > "$work/before.txt"
before=$(wc -l < "$work/before.txt")
task=$(pgrep -f -- "--shard 1/3" | head -1)
log "killing process $task of task ${array}_1 after $before runs, and requeueing it"
scontrol requeue "${array}_1"
kill -9 "$task" 2> /dev/null || true

merged() { [ -f "$work/cluster/provenance.json" ] && ! squeue -h -j "$merge" | grep -q .; }
waits 600 merged

restarts=$(scontrol show job "${array}_1" | sed -n 's/.*Restarts=\([0-9]*\).*/\1/p' | head -1)
[ "$restarts" -ge 1 ] || { log 'the task was not started again'; exit 1; }
log "task ${array}_1 was started again $restarts time(s)"
for name in results.csv summary.csv differences.csv anova.csv; do
  cmp "$work/local/$name" "$work/cluster/$name" || { log "$name differs from the local sweep"; exit 1; }
done
runs > "$work/after.txt"
[ "$(comm -12 "$work/before.txt" "$work/after.txt" | wc -l)" -eq "$before" ] || { log 'runs from before the kill were repeated'; exit 1; }
log "the $before runs from before the kill were kept"
log "passed: $(($(wc -l < "$work/cluster/results.csv") - 1)) values, all as without Slurm"
