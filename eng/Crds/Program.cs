using GitOpsSecrets.Crds;

var root = args.Length > 0 ? args[0] : Directory.GetCurrentDirectory();
if (!File.Exists(Path.Combine(root, "GitOpsSecrets.sln")))
{
    Console.Error.WriteLine("run it in the root of the repository, or name that");
    return 2;
}
foreach (var (path, text) in DefinitionFiles.All())
{
    File.WriteAllText(Path.Combine(root, path), text);
    Console.WriteLine(path);
}
return 0;
