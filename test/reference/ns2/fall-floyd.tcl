# The oracle of fall-floyd.test.ts, for ns-2.35 (Debian's package ns2): highest ACK at 6 s after these drops.
# ns fall-floyd.tcl KIND DROP...      KIND: Tahoe Reno Newreno Sack1
set kind [lindex $argv 0]
set ns [new Simulator]
set sender [$ns node]
set router [$ns node]
set receiver [$ns node]
$ns duplex-link $sender $router 8Mb 0ms DropTail
$ns duplex-link $router $receiver 800kb 100ms DropTail
$ns queue-limit $router $receiver 8
set losses [new ErrorModel/List]
$losses droplist [lrange $argv 1 end]
$ns lossmodel $losses $router $receiver
if {$kind == "Sack1"} { set sink [new Agent/TCPSink/Sack1] } else { set sink [new Agent/TCPSink] }
if {$kind == "Tahoe"} { set tcp [new Agent/TCP] } else { set tcp [new Agent/TCP/$kind] }
$tcp set window_ 28
$tcp set packetSize_ 1000
$tcp set minrto_ 1.0
$tcp set tcpTick_ 0.01
$ns attach-agent $sender $tcp
$ns attach-agent $receiver $sink
$ns connect $tcp $sink
set ftp [new Application/FTP]
$ftp attach-agent $tcp
set trace [file tempfile name]
$tcp trace ack_
$tcp attach $trace
proc finish {} {
    global kind trace
    flush $trace
    seek $trace 0
    foreach line [split [string trim [read $trace]] "\n"] { set highest [lindex $line 6] }
    puts "$kind $highest"
    exit 0
}
$ns at 1.0 "$ftp start"
$ns at 6.0 finish
$ns run
