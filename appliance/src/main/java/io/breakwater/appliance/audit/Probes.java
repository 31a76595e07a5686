package io.breakwater.appliance.audit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** The question of each vector: what scanners and attackers ask, none of which writes or runs anything. */
final class Probes {
    private static final int DNS_ANY = 255; // RFC 1035, 3.2.3
    private static final int DNS_PTR = 12;
    private static final int DNS_OPT = 41; // RFC 6891
    private static final int DNS_EDNS_BYTES = 4_096;
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 253;

    private Probes() {}

    /**
     * One probe per vector that has a harmless question, NTP two.
     *
     * @param dnsName the name asked of DNS servers; {@code .} shows whether a server recurses for strangers
     * @throws IllegalArgumentException if it is no DNS name
     */
    static List<Probe> all(String dnsName) {
        return List.of(
                memcached(),
                new Probe(
                        "ntp",
                        "mode 7 monlist",
                        123,
                        hex("1700032a00000000"),
                        "ntp.conf: disable monitor, and restrict default limited kod nomodify noquery nopeer"),
                new Probe(
                        "ntp",
                        "mode 6 readvar",
                        123,
                        hex("160200010000000000000000"),
                        "ntp.conf: restrict default limited kod nomodify noquery nopeer"),
                new Probe(
                        "dns",
                        "ANY " + dnsName,
                        53,
                        dns(dnsName, DNS_ANY, true),
                        "answer your own clients only: BIND allow-recursion and allow-query-cache, unbound access-control,"
                                + " dnsmasq listen-address; and limit what is left (rate-limit, ratelimit)"),
                new Probe("ssdp", "M-SEARCH ssdp:all", 1900, lines("""
                                M-SEARCH * HTTP/1.1
                                HOST: 239.255.255.250:1900
                                MAN: "ssdp:discover"
                                MX: 1
                                ST: ssdp:all

                                """), "switch UPnP off towards the internet"),
                new Probe(
                        "cldap",
                        "rootDSE",
                        389,
                        // RFC 4511 searchRequest: base object "", filter (objectClass=*), all attributes.
                        hex("302502010163200400" + "0a01000a0100020100020100010100870b6f626a656374436c6173733000"),
                        "serve LDAP by TCP only"),
                new Probe(
                        "snmp",
                        "GETBULK public",
                        161,
                        // RFC 3416: version 2c, community public, GetBulk of 1.3.6.1.2.1, 50 repetitions.
                        hex("302302010104067075626c6963a516020101020100020132300b300906052b060102010500"),
                        "snmpd.conf: agentAddress udp:127.0.0.1:161, and no rocommunity public for strangers"),
                new Probe("chargen", "one byte", 19, new byte[] {'\n'}, "switch the chargen service off"),
                new Probe("qotd", "one byte", 17, new byte[] {'\n'}, "switch the quote of the day off"),
                new Probe(
                        "portmap",
                        "DUMP",
                        111,
                        // RFC 1833: call, RPC 2, program 100000, version 2, procedure 4, no credentials.
                        hex("2a2a2a2a00000000" + "00000002000186a0" + "0000000200000004"
                                + "00000000000000000000000000000000"),
                        "systemctl disable --now rpcbind.socket rpcbind"),
                new Probe(
                        "rip",
                        "whole table",
                        520,
                        // RFC 2453, 3.9.1: request, version 1, one entry of family 0 and metric 16.
                        hex("01010000" + "0000000000000000000000000000000000000010"),
                        "switch RIP version 1 off"),
                new Probe(
                        "mdns",
                        "services",
                        5353,
                        dns("_services._dns-sd._udp.local", DNS_PTR, false),
                        "switch mDNS off towards the internet"),
                new Probe(
                        "netbios",
                        "NBSTAT",
                        137,
                        // RFC 1002, 4.2.17: node status of "*".
                        hex("2a2a00000001000000000000" + "20434b" + "41".repeat(30) + "0000210001"),
                        "switch NetBIOS name service off"),
                new Probe(
                        "quake",
                        "getstatus",
                        27960,
                        hex("ffffffff676574737461747573200a"),
                        "limit status answers in the game server"),
                new Probe(
                        "steam",
                        "A2S_INFO",
                        27015,
                        concat(hex("ffffffff54"), text("Source Engine Query\0")),
                        "update the game server: current ones ask for a challenge first"),
                new Probe("mssql", "browser", 1434, new byte[] {2}, "switch the SQL Server Browser off"),
                new Probe(
                        "coap",
                        "GET .well-known/core",
                        5683,
                        concat(hex("40012a2abb"), text(".well-known"), hex("04"), text("core")),
                        "let known clients in only"),
                new Probe("sip", "OPTIONS", 5060, lines("""
                                OPTIONS sip:audit@breakwater.invalid SIP/2.0
                                Via: SIP/2.0/UDP breakwater.invalid;branch=z9hG4bKaudit;rport
                                From: <sip:audit@breakwater.invalid>;tag=1
                                To: <sip:audit@breakwater.invalid>
                                Call-ID: audit@breakwater.invalid
                                CSeq: 1 OPTIONS
                                Max-Forwards: 0
                                Content-Length: 0

                                """), "let known peers in only"),
                new Probe(
                        "stun",
                        "binding request",
                        3478,
                        hex("000100002112a4422a2a2a2a2a2a2a2a2a2a2a2a"),
                        "limit answers per client"),
                new Probe(
                        "ipmi",
                        "presence ping",
                        623,
                        hex("0600ff06000011be80000000"),
                        "move the controller to a network of its own"),
                new Probe("arms", "remote desktop", 3283, hex("00140000"), "switch remote management off"),
                new Probe(
                        "plex",
                        "M-SEARCH",
                        32414,
                        text("M-SEARCH * HTTP/1.1\r\n\r\n"),
                        "switch network discovery (GDM) off"),
                new Probe("ubiquiti", "discovery", 10001, hex("01000000"), "switch device discovery off"),
                new Probe("dhdiscover", "discovery", 37810, dhdiscover(), "put the recorder behind a firewall"),
                new Probe(
                        "ws-discovery",
                        "Probe",
                        3702,
                        text("<?xml version=\"1.0\"?><e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\""
                                + " xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\""
                                + " xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\"><e:Header>"
                                + "<a:MessageID>uuid:0</a:MessageID><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>"
                                + "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action></e:Header>"
                                + "<e:Body><d:Probe/></e:Body></e:Envelope>"),
                        "switch WS-Discovery off towards the internet"));
    }

    /** {@code protocol.txt} of memcached, "UDP protocol": request id, sequence 0, one datagram, reserved. */
    private static Probe memcached() {
        return new Probe(
                "memcached",
                "stats",
                MemcachedSettings.PORT,
                concat(hex("2a2a000000010000"), text("stats\r\n")),
                "memcached.conf: -U 0 and -l 127.0.0.1 (Red Hat: OPTIONS=\"-l 127.0.0.1 -U 0\"), then systemctl restart"
                        + " memcached");
    }

    private static byte[] dhdiscover() {
        byte[] json = text("{ \"method\" : \"DHDiscover.search\", \"params\" : { \"mac\" : \"\", \"uni\" : 1 } }\n");
        byte length = (byte) json.length;
        byte[] header = hex("2000000044484950000000000000000000000000000000000000000000000000");
        header[16] = length;
        header[24] = length;
        return concat(header, json);
    }

    private static byte[] dns(String name, int type, boolean edns) {
        ByteArrayOutputStream query = new ByteArrayOutputStream();
        // Id, recursion desired, one question; RFC 1035, 4.1.1.
        query.writeBytes(hex(edns ? "2a2a01000001000000000001" : "000000000001000000000000"));
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("a DNS name has at most 253 characters");
        }
        for (String label :
                name.equals(".") ? new String[0] : name.replaceFirst("\\.$", "").split("\\.", -1)) {
            if (!label.matches("[A-Za-z0-9_-]{1," + LONGEST_LABEL + "}")) {
                throw new IllegalArgumentException("'" + Printable.shortened(name) + "' is no DNS name");
            }
            query.write(label.length());
            query.writeBytes(text(label));
        }
        query.write(0);
        query.writeBytes(new byte[] {0, (byte) type, 0, 1});
        if (edns) {
            query.writeBytes(
                    new byte[] {0, 0, DNS_OPT, (byte) (DNS_EDNS_BYTES >> 8), (byte) DNS_EDNS_BYTES, 0, 0, 0, 0, 0, 0});
        }
        return query.toByteArray();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** Lines as HTTP and SIP end them. */
    private static byte[] lines(String text) {
        return text(text.replace("\n", "\r\n"));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
