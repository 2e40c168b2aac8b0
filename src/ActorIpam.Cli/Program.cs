using ActorIpam.Cli;

return await CommandLine.RunAsync(args, Terminal.OfProcess());
