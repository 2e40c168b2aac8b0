using ActorIpam.Server.Options;

return await CommandLine.RunAsync(args, Console.Out, Console.Error);
