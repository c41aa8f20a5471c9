using GitOpsSecrets.Controller;

return await ControllerHost.RunAsync(args).ConfigureAwait(false);
