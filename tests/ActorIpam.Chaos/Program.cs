using System.Runtime.Versioning;
using ActorIpam.Chaos;

// Network namespaces are Linux's.
[assembly: SupportedOSPlatform("linux")]

return await Run.MainAsync(args);
