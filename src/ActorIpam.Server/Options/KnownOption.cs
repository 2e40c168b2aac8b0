using System.Collections.Immutable;
using ActorIpam.Server.Security;

namespace ActorIpam.Server.Options;

/// <summary>One setting of <c>ipamd</c> (api.md §1): the same name on the command line, in the environment and in the configuration file.</summary>
/// <param name="Name">Without dashes in front, as it stands in the configuration file.</param>
/// <param name="Shape">What its value looks like, for the help.</param>
/// <param name="Meaning">What it does, for the help.</param>
internal sealed record KnownOption(string Name, string Shape, string Meaning)
{
    public static readonly KnownOption Listen = new("listen", "URL", "Where the API answers. Default http://127.0.0.1:7080; https needs --tls-cert and --tls-key; an address that other machines reach needs https, and asks callers who they are.");
    public static readonly KnownOption TlsCert = new("tls-cert", "FILE", "The certificate chain (PEM) of an https address; read again when it changes.");
    public static readonly KnownOption TlsKey = new("tls-key", "FILE", "The private key (PEM) of an https address.");
    public static readonly KnownOption Socket = new("socket", "PATH", "A unix socket for local clients, mode 0660.");
    public static readonly KnownOption Journal = new("journal", "JOURNAL", "sqlite:FILE, postgres:CONNECTION-STRING or memory: (lost at exit). Default sqlite:data/ipam.db.");
    public static readonly KnownOption Member = new("member", "NAME", "This member's identity. Default: the name of the machine.");
    public static readonly KnownOption ClusterListen = new("cluster-listen", "URL", "Where other members reach this one, such as https://192.0.2.10:7081; http on loopback only. Needs a postgres journal.");
    public static readonly KnownOption Advertise = new("advertise", "URL", "The URL other members use instead of --cluster-listen.");
    public static readonly KnownOption ClusterCa = new("cluster-ca", "FILE", "Who vouches for members (PEM); read again when it changes, as the next two.");
    public static readonly KnownOption ClusterCert = new("cluster-cert", "FILE", "The certificate (PEM) this member shows to others.");
    public static readonly KnownOption ClusterKey = new("cluster-key", "FILE", "Its private key (PEM).");
    public static readonly KnownOption Apply = new("apply", "PATH", "A file or folder of definitions that is applied before the member serves.");
    public static readonly KnownOption Watch = new("watch", "DIR", "A folder of definitions that is kept applied: changed files are ingested as they appear; a bad file changes nothing, a vanished one deletes nothing.");
    public static readonly KnownOption RegisterNode = new("register-node", "NAME", "Creates this Node if it is missing.");
    public static readonly KnownOption SweepPeriod = new("sweep-period", "SECONDS", "How often the member looks for what is due and nobody asks for: ended cooldowns, blocks of deleted nodes, idle blocks. Default 10; 0 never.");
    public static readonly KnownOption IdleGrace = new("idle-grace", "SECONDS", "How long a host keeps an empty block beside another one. Default 900; 0 for ever.");
    public static readonly KnownOption LogLevel = new("log-level", "LEVEL", "trace, debug, information, warning, error, critical or none, to stderr. Default warning.");

    public static ImmutableArray<KnownOption> All => [Listen, TlsCert, TlsKey, Socket, Journal, Member, ClusterListen, Advertise, ClusterCa, ClusterCert, ClusterKey, Apply, Watch, RegisterNode, SweepPeriod, IdleGrace, LogLevel,
        TelemetryOption.LogFormat, TelemetryOption.OtlpEndpoint, TelemetryOption.SlowCommit, .. SecurityOption.All];

    public string Flag => "--" + Name;

    /// <summary>The environment variable, such as <c>IPAM_TLS_CERT</c>.</summary>
    public string Variable => "IPAM_" + Name.ToUpperInvariant().Replace('-', '_');
}
