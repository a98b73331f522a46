// Shell commands in scripts. Nothing is ever executed: lines that set what a host switch stands for are understood,
// lines that only prepare a test machine are passed over, and everything else is reported with its line.

import { tcpSchema } from '../scenario';
import { ScriptError } from './script';
import type { TcpSwitches } from './profile';

/** What commands can change or ask of the machine under test. */
export interface CommandTarget {
  set(changes: TcpSwitches): void;
  /** Sockets in this state, by its name in the tools' output. */
  countSockets(state: string): number;
  /** The machine forgets what it remembers of peers, and uses Fast Open as a client or not. */
  setFastOpen(role: 'client' | 'server', on: boolean): void;
  /** SYN segments that carry FIN too are dropped. */
  setDropSynFin(on: boolean): void;
  setSynOptionsDropped(on: boolean): void;
}

type Setter = (value: number, text: string, target: CommandTarget) => void;

const MS = 1e6;
const SECOND = 1e9;
const flag =
  (make: (on: boolean) => TcpSwitches): Setter =>
  (value, _text, target) => {
    target.set(make(value !== 0));
  };
const number =
  (make: (value: number) => TcpSwitches): Setter =>
  (value, _text, target) => {
    target.set(make(value));
  };

/** A setting that changes nothing here as long as it has one of these values. */
const fixed =
  (...allowed: readonly string[]): Setter =>
  (_value, text) => {
    if (!allowed.includes(text.trim())) throw new Error(`only ${allowed.join(' or ')} is modelled`);
  };
const ignored: Setter = () => undefined;

const SYSCTLS: Readonly<Record<string, Setter>> = {
  // FreeBSD and DragonFly
  'net.inet.tcp.rfc1323': number((value) => ({
    windowScaling: (value & 1) !== 0,
    timestamps: value === 1 || value === 3,
  })),
  'net.inet.tcp.sack.enable': flag((sack) => ({ sack })),
  'net.inet.tcp.ecn.enable': (value, text, target) => {
    if (value > 2) throw new Error(`accurate ECN (${text}) is not modelled`);
    target.set({ ecn: ([false, true, 'accept'] as const)[value] });
  },
  'net.inet.tcp.ecn.maxretries': number((ecnSynRetries) => ({ ecnSynRetries })),
  'net.inet.tcp.ecn.plusplus': fixed('0'),
  'net.inet.tcp.rfc3042': flag((limitedTransmit) => ({ limitedTransmit })),
  'net.inet.tcp.rfc3390': flag((on) => ({ initialWindow: on ? 'rfc3390' : 1 })),
  'net.inet.tcp.rfc3465': flag((byteCounting) => ({ byteCounting })),
  'net.inet.tcp.abc_l_var': number((slowStartLimit) => ({ slowStartLimit })),
  'net.inet.tcp.initcwnd_segments': number((segments) => ({
    initialWindow: segments === 0 ? 'rfc3390' : segments === 10 ? 'iw10' : segments,
  })),
  'net.inet.tcp.experimental.initcwnd10': flag((on) => ({ initialWindow: on ? 'iw10' : 'rfc3390' })),
  'net.inet.tcp.recvspace': number((receiveBuffer) => ({ receiveBuffer })),
  'net.inet.tcp.sendspace': ignored,
  'net.inet.tcp.sendbuf_auto': ignored,
  'net.inet.tcp.recvbuf_auto': ignored,
  'kern.ipc.maxsockbuf': number((receiveBufferMax) => ({ receiveBufferMax })),
  'net.inet.tcp.rexmit_slop': number((value) => ({ rtoSlop: value * MS })),
  'net.inet.tcp.rexmit_initial': number((value) => ({ rtoInitial: value * MS })),
  'net.inet.tcp.rexmit_min': number((value) => ({ rtoMin: value * MS })),
  'net.inet.tcp.rexmit_drop_options': (value, _text, target) => {
    target.setSynOptionsDropped(value !== 0);
  },
  'net.inet.tcp.insecure_rst': flag((on) => ({ resetCheck: on ? 'in-window' : 'rfc5961' })),
  'net.inet.tcp.insecure_syn': flag((on) => ({ synCheck: on ? 'in-window' : 'rfc5961' })),
  'net.inet.tcp.icmp_may_rst': ignored,
  'net.inet.tcp.blackhole': fixed('0'),
  'net.inet.tcp.drop_synfin': (value, _text, target) => {
    target.setDropSynFin(value !== 0);
  },
  'net.inet.tcp.delayed_ack': flag((delayedAck) => ({ delayedAck })),
  'net.inet.tcp.delacktime': number((value) => ({ delayedAckTimeout: value * MS })),
  'net.inet.tcp.keepinit': number((value) => ({ connectTimeout: value * MS })),
  'net.inet.tcp.keepidle': number((value) => ({ keepAliveIdle: value * MS })),
  'net.inet.tcp.keepintvl': number((value) => ({ keepAliveInterval: value * MS })),
  'net.inet.tcp.keepcnt': number((keepAliveProbes) => ({ keepAliveProbes })),
  'net.inet.tcp.always_keepalive': flag((keepAlive) => ({ keepAlive })),
  'net.inet.tcp.msl': number((value) => ({ msl: value * MS })),
  'net.inet.tcp.finwait2_timeout': number((value) => ({ finWait2Timeout: value * MS })),
  'net.inet.tcp.mssdflt': ignored,
  'net.inet.tcp.v6mssdflt': ignored,
  'net.inet.tcp.minmss': ignored,
  'net.inet.tcp.do_tcpdrain': ignored,
  'net.inet.tcp.fast_finwait2_recycle': ignored,
  'net.inet.tcp.nolocaltimewait': ignored,
  'net.inet.tcp.maxtcptw': ignored,
  'net.inet.tcp.tso': ignored,
  'net.inet.tcp.hostcache.purgenow': ignored,
  'net.inet.tcp.hostcache.enable': ignored,
  'net.inet.tcp.syncookies': ignored,
  'net.inet.tcp.syncookies_only': fixed('0'),
  'net.inet.tcp.syncache.see_other': ignored,
  'net.inet.tcp.udp_tunneling_port': ignored,
  'net.inet.tcp.udp_tunneling_overhead': ignored,
  'net.inet.tcp.functions_default': fixed('freebsd'),
  'net.inet.tcp.path_mtu_discovery': ignored,
  'net.inet.tcp.pmtud_blackhole_detection': fixed('0'),
  'net.inet.tcp.tolerate_missing_ts': flag((tolerateMissingTimestamps) => ({ tolerateMissingTimestamps })),
  'net.inet.tcp.ts_offset_per_conn': ignored,
  'net.inet.tcp.do_prr': ignored,
  'net.inet.tcp.rfc6675_pipe': ignored,
  'net.inet.tcp.sack.revised': ignored,
  'net.inet.tcp.sack.lrd': ignored,
  'net.inet.tcp.newcwv': fixed('0'),
  'net.inet.tcp.cc.algorithm': (_value, text, target) => {
    target.set({ congestionControl: congestionControl(text) });
  },
  'net.inet.tcp.cc.abe': fixed('0'),
  'net.inet.tcp.fastopen.client_enable': (value, _text, target) => {
    target.setFastOpen('client', value !== 0);
  },
  'net.inet.tcp.fastopen.server_enable': (value, _text, target) => {
    target.setFastOpen('server', value !== 0);
  },
  'net.inet.tcp.always_acknowledge_psh': fixed('0'),
  'net.inet.icmp.icmplim': ignored,
  'net.inet.tcp.ack_war_timewindow': ignored,
  'net.inet.tcp.ack_war_cnt': ignored,

  // DragonFly's own names (tcp.md §16)
  'net.inet.tcp.sack': flag((sack) => ({ sack })),
  'net.inet.tcp.limitedtransmit': flag((limitedTransmit) => ({ limitedTransmit })),
  'net.inet.tcp.earlyretransmit': flag((earlyRetransmit) => ({ earlyRetransmit })),
  'net.inet.tcp.eifel': flag((eifel) => ({ eifel })),
  'net.inet.tcp.eifel_response': flag((eifelResponse) => ({ eifelResponse })),
  'net.inet.tcp.abc': flag((byteCounting) => ({ byteCounting })),
  'net.inet.tcp.idle_restart': flag((idleRestart) => ({ idleRestart })),
  'net.inet.tcp.rescuesack': fixed('1'),
  'net.inet.tcp.rfc6675': fixed('1'),
  'net.inet.tcp.ncr': fixed('0'),

  // Linux
  'net.ipv4.tcp_sack': flag((sack) => ({ sack })),
  'net.ipv4.tcp_dsack': fixed('1'),
  'net.ipv4.tcp_fack': ignored,
  'net.ipv4.tcp_timestamps': flag((timestamps) => ({ timestamps })),
  'net.ipv4.tcp_window_scaling': flag((windowScaling) => ({ windowScaling })),
  'net.ipv4.tcp_ecn': (value, text, target) => {
    if (value > 2) throw new Error(`accurate ECN (${text}) is not modelled`);
    target.set({ ecn: ([false, true, 'accept'] as const)[value] });
  },
  'net.ipv4.tcp_ecn_fallback': ignored,
  'net.ipv4.tcp_early_retrans': number((value) => ({
    earlyRetransmit: value === 1 || value === 2,
    earlyRetransmitDelay: value === 2,
  })),
  'net.ipv4.tcp_frto': flag((frto) => ({ frto })),
  'net.ipv4.tcp_recovery': ignored,
  'net.ipv4.tcp_reordering': fixed('3'),
  'net.ipv4.tcp_slow_start_after_idle': flag((idleRestart) => ({ idleRestart })),
  'net.ipv4.tcp_congestion_control': (_value, text, target) => {
    target.set({ congestionControl: congestionControl(text) });
  },
  'net.ipv4.tcp_allowed_congestion_control': ignored,
  'net.ipv4.tcp_rmem': (_value, text, target) => {
    const [, usual, largest] = text.trim().split(/\s+/u).map(Number);
    if (usual === undefined || largest === undefined)
      throw new Error('three sizes are needed, such as "4096 131072 6291456"');
    target.set({ receiveBuffer: usual, receiveBufferMax: largest });
  },
  'net.ipv4.tcp_wmem': ignored,
  'net.ipv4.tcp_mem': ignored,
  'net.core.rmem_max': ignored,
  'net.core.wmem_max': ignored,
  'net.core.netdev_max_backlog': ignored,
  'net.core.default_qdisc': ignored,
  'net.ipv4.tcp_moderate_rcvbuf': ignored,
  'net.ipv4.tcp_adv_win_scale': ignored,
  'net.ipv4.tcp_app_win': ignored,
  'net.ipv4.tcp_shrink_window': fixed('0'),
  'net.ipv4.tcp_syncookies': ignored,
  'net.ipv4.tcp_max_syn_backlog': ignored,
  'net.ipv4.tcp_synack_retries': ignored,
  'net.ipv4.tcp_syn_retries': number((synRetransmitLimit) => ({ synRetransmitLimit })),
  'net.ipv4.tcp_syn_linear_timeouts': fixed('0'),
  'net.ipv4.tcp_retries1': ignored,
  'net.ipv4.tcp_retries2': number((retransmitLimit) => ({ retransmitLimit })),
  'net.ipv4.tcp_orphan_retries': ignored,
  'net.ipv4.tcp_fin_timeout': number((value) => ({ finWait2Timeout: value * SECOND })),
  'net.ipv4.tcp_keepalive_time': number((value) => ({ keepAliveIdle: value * SECOND })),
  'net.ipv4.tcp_keepalive_intvl': number((value) => ({ keepAliveInterval: value * SECOND })),
  'net.ipv4.tcp_keepalive_probes': number((keepAliveProbes) => ({ keepAliveProbes })),
  'net.ipv4.tcp_fastopen': ignored,
  'net.ipv4.tcp_fastopen_key': ignored,
  'net.ipv4.tcp_fastopen_blackhole_timeout_sec': ignored,
  'net.ipv4.tcp_limit_output_bytes': ignored,
  'net.ipv4.tcp_challenge_ack_limit': ignored,
  'net.ipv4.tcp_invalid_ratelimit': ignored,
  'net.ipv4.tcp_min_tso_segs': ignored,
  'net.ipv4.tcp_tso_win_divisor': ignored,
  'net.ipv4.tcp_tso_rtt_log': ignored,
  'net.ipv4.tcp_autocorking': ignored,
  'net.ipv4.tcp_mtu_probing': fixed('0'),
  'net.ipv4.tcp_notsent_lowat': fixed('4294967295', '-1'),
  'net.ipv4.tcp_no_metrics_save': ignored,
  'net.ipv4.tcp_pacing_ss_ratio': ignored,
  'net.ipv4.tcp_pacing_ca_ratio': ignored,
  'net.ipv4.tcp_abort_on_overflow': ignored,
  'net.ipv4.tcp_rfc1337': ignored,
  'net.ipv4.tcp_stdurg': ignored,
  'net.ipv4.tcp_thin_linear_timeouts': fixed('0'),
  'net.ipv4.tcp_workaround_signed_windows': ignored,
  'net.ipv4.tcp_comp_sack_delay_ns': fixed('0'),
  'net.ipv4.tcp_comp_sack_nr': ignored,
  'net.ipv4.tcp_backlog_ack_defer': ignored,
  'net.ipv4.tcp_rto_min_us': number((value) => ({ rtoMin: value * 1000, rttvarFloor: value * 1000 })),
  'net.ipv4.tcp_plb_enabled': fixed('0'),
  'net.ipv4.ip_forward': ignored,
  'net.ipv4.ip_default_ttl': ignored,
  'net.ipv4.ip_no_pmtu_disc': ignored,
};

function congestionControl(text: string): 'newreno' | 'cubic' {
  const name = text.trim().replaceAll('"', '');
  if (name === 'reno' || name === 'newreno') return 'newreno';
  if (name === 'cubic') return 'cubic';
  throw new Error(`congestion control "${name}" is not modelled, only reno, newreno and cubic`);
}

/** Programs that prepare the test machine and change nothing of what is modelled. */
const PREPARATION =
  /^(?:\.{0,2}\/?(?:[\w.-]+\/)*(?:defaults|sysctl_restore\S*)\.sh|source\b.*|\.\s.*|kld(?:stat|load|unload)\b.*|echo\b.*|true|sleep\b.*|sync|modprobe\b.*|ip\s+(?:-\w+\s+)?tcp_metrics\b.*|ip\s+(?:-\w+\s+)?(?:route|link|addr)\s+(?:show|change|flush)\b.*|tc\s+qdisc\b.*|ethtool\b.*|\/tmp\/sysctl_restore\S*|rm\b.*|touch\b.*|mkdir\b.*|setkey\b.*|sysctl\s+-[an]\b[^=]*|nstat\b.*|ss\s+-\w+K?\b.*)$/u;

/**
 * Understands one command section.
 * @throws ScriptError of kind `unsupported` naming what is not understood
 */
export function runCommand(text: string, line: number, target: CommandTarget): void {
  let at = line;
  for (const row of text.replaceAll('\\\n', ' \n').split('\n')) {
    for (const command of row.split(/;|&&|\|\|/u)) {
      if (command.trim() !== '') runOne(command.trim(), at, target);
    }
    at += 1;
  }
}

function runOne(command: string, line: number, target: CommandTarget): void {
  if (/^(?:sockstat|netstat|ss)\b/u.test(command)) {
    countStates(command, line, target);
    return;
  }
  const settings = /^(?:sudo\s+)?(?:sysctl|(?:\S*\/)?set_sysctls\.py|\/proc\/sys)/u.test(command)
    ? settingsOf(command)
    : [];
  if (settings.length === 0) {
    if (!PREPARATION.test(command))
      throw new ScriptError(line, `shell command not understood: ${command}`, 'unsupported');
    return;
  }
  for (const [name, value] of settings) apply(name, value, line, target);
}

/** `a=b` words, quoted or not, with the names of files under /proc/sys as sysctl names. */
function settingsOf(command: string): (readonly [string, string])[] {
  return [...command.matchAll(/([\w./-]+)=("[^"]*"|'[^']*'|\S+)/gu)].map(
    ([, name, value]) =>
      [name!.replace(/^\/proc\/sys\//u, '').replaceAll('/', '.'), value!.replace(/^["']|["']$/gu, '')] as const,
  );
}

/** `odonata.tcp.earlyRetransmit=segments`: any TCP switch of a host, as scenarios write it. */
const OWN_PREFIX = 'odonata.tcp.';

function applyOwn(name: string, value: string, line: number, target: CommandTarget): void {
  const text = /^(?:true|false|-?\d+(?:\.\d+)?)$/u.test(value) ? (JSON.parse(value) as unknown) : value;
  const checked = tcpSchema.safeParse({ [name.slice(OWN_PREFIX.length)]: text });
  if (checked.data === undefined)
    throw new ScriptError(
      line,
      `${name}=${value}: ${checked.error.issues[0]!.message}; for example: odonata.tcp.sack=true`,
      'syntax',
    );
  target.set(checked.data);
}

function apply(name: string, value: string, line: number, target: CommandTarget): void {
  if (name.startsWith(OWN_PREFIX)) {
    applyOwn(name, value, line, target);
    return;
  }
  const setter = SYSCTLS[name];
  if (setter === undefined) throw new ScriptError(line, `sysctl ${name} is not known here`, 'unsupported');
  try {
    setter(Number(value), value, target);
  } catch (error) {
    throw new ScriptError(line, `sysctl ${name}=${value}: ${(error as Error).message}`, 'unsupported');
  }
}

/** `sockstat … | grep -c TIME_WAIT | grep 1`: so many sockets are in that state. */
function countStates(command: string, line: number, target: CommandTarget): void {
  const state =
    /\b(SYN_SENT|SYN_RCVD|SYN_RECV|ESTABLISHED|FIN_WAIT_1|FIN_WAIT_2|CLOSE_WAIT|CLOSING|LAST_ACK|TIME_WAIT|LISTEN|CLOSED)\b/u.exec(
      command,
    )?.[1];
  const wanted = /\|\s*grep\s+(?:-\w+\s+)?['"^]*(\d+)[$'"]*\s*$/u.exec(command)?.[1];
  if (state === undefined || wanted === undefined)
    throw new ScriptError(line, `shell command not understood: ${command}`, 'unsupported');
  const found = target.countSockets(state);
  if (found !== Number(wanted))
    throw new ScriptError(line, `expected ${wanted} sockets in ${state}, found ${String(found)}`);
}
