using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.GoTemplate;
using GitOpsSecrets.GoTemplate.Rendering;
using GitOpsSecrets.GoTemplate.Values;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Files;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Templates;
using GitOpsSecrets.Seal.Cli.Terminal;

namespace GitOpsSecrets.Seal.Cli.Commands;

/// <summary><c>seal template</c>: renders, in a terminal or in CI, what the controller would.</summary>
internal sealed class TemplateCommand : ICommand
{
    private static readonly Flag Data = new("data", FlagKind.Text, "the values: a JSON or YAML object") { Value = "FILE", FromEnvironment = false };
    private static readonly Flag DataType = new("data-type", FlagKind.Text, "string: every value is one, as in a Secret; any: as the file has them") { Value = "TYPE", Default = "string", Choices = ["string", "any"], FromEnvironment = false };
    private static readonly Flag OnMissingKey = new("missing-key", FlagKind.Text, "error, as for ExternalSecrets; default prints <no value>, as for SealedSecrets, rewrites and webhooks") { Value = "WHAT", Default = "error", Choices = ["error", "default"], FromEnvironment = false };
    private static readonly Flag Delims = new("delims", FlagKind.Text, "what stands for {{ and }} in the template") { Value = "LEFT,RIGHT", Default = "{{,}}", FromEnvironment = false };
    private static readonly Flag Output = new("output", FlagKind.Text, "write here, whole or not at all, instead of standard output, which - is too") { Letter = 'w', Value = "FILE", FromEnvironment = false };
    private static readonly Flag InputFile = new("file", FlagKind.Text, "an ExternalSecret: print the Secret that the controller would write") { Letter = 'f', Value = "FILE", FromEnvironment = false };
    private static readonly Flag Resources = new("resources", FlagKind.List, "with -f: ConfigMaps and Secrets that templateFrom names; those in FILE count too") { Value = "FILE,…", FromEnvironment = false };
    private static readonly Flag ObjectName = new("name", FlagKind.Text, "with -f: which ExternalSecret, where FILE has several") { Value = "NAME", FromEnvironment = false };
    private static readonly Flag Explain = new("explain", FlagKind.Toggle, "errors may quote values: tell the whole reason") { FromEnvironment = false };

    public string Name => "template";

    public string Arguments => "--data FILE [-f EXTERNALSECRET | < TEMPLATE]";

    public string Summary => "Renders a template, or the Secret of an ExternalSecret, as the controller would";

    public string Description => """
        The template comes from standard input or from the file that is named, and has the functions that ExternalSecret templates
        have. With -f the whole Secret is rendered from an ExternalSecret; the values stand for what its store would give.

        Examples:
          seal template --data data.json < config.tmpl
          seal template --data data.json --delims '[[,]]' config.tmpl
          seal template --data data.json -f externalsecret.yaml --resources configmaps.yaml
        """;

    public IReadOnlyList<FlagGroup> Flags =>
        [new("Template", [Data, DataType, OnMissingKey, Delims, InputFile, ObjectName, Resources, RootFlags.Format, Output, Explain])];

    public Task<int> RunAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        var data = TemplateData.Load(flags.TextOrNull(Data) ?? throw new UsageException("template needs --data FILE: the values to render with"));
        var (left, right) = Delimiters(flags.Text(Delims));
        var execution = new ExecuteOptions { Time = time };
        var output = flags.TextOrNull(InputFile) is { } input
            ? RenderSecret(flags, input, data, new TargetRendererOptions { LeftDelimiter = left, RightDelimiter = right, Execution = execution }, cancellationToken)
            : RenderText(flags, data, left, right, execution, cancellationToken);
        try
        {
            OutputFile.Print(flags.TextOrNull(Output), output, plaintext: false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(output);
        }
        return Task.FromResult(ExitCode.Success);
    }

    private static byte[] RenderText(ParsedFlags flags, TemplateData data, string left, string right, ExecuteOptions execution, CancellationToken cancellationToken)
    {
        if (flags.Arguments.Count > 1) throw new UsageException("template takes one template: a file, or standard input");
        var file = flags.Arguments is [var name] && name != "-" ? name : null;
        var source = file ?? "standard input";
        var text = Encoding.UTF8.GetString(file is null ? Talk.AwaitInput() : Files.InputFile.Read(file));
        var options = new TemplateOptions
        {
            LeftDelimiter = left,
            RightDelimiter = right,
            MissingKey = flags.Text(OnMissingKey) == "default" ? MissingKey.Default : MissingKey.Error,
        };
        var dot = flags.Text(DataType) == "any" ? data.Any() : GoMap.OfSecrets(data.Strings());
        try
        {
            return Template.Parse(file is null ? "stdin" : Path.GetFileName(file), text, options).Execute(dot, execution, cancellationToken);
        }
        catch (TemplateException failure)
        {
            throw new CommandException($"{source}: {(flags.On(Explain) ? failure.Message : failure.PublicMessage)}\n{TemplateSnippet.Show(text, failure.Line, failure.Column)}", failure);
        }
    }

    private static byte[] RenderSecret(ParsedFlags flags, string file, TemplateData data, TargetRendererOptions options, CancellationToken cancellationToken)
    {
        if (flags.Arguments.Count > 0 || flags.Given(OnMissingKey) || flags.Given(DataType))
            throw new UsageException("template -f takes no template beside the ExternalSecret's, and neither --missing-key nor --data-type: a missing key is an error, and values are strings");
        var manifest = Manifest.Read(Files.InputFile.ReadOrAwait(file), ManifestPlace.SourceOf(file));
        var source = Choose(manifest, flags.TextOrNull(ObjectName));
        var others = flags.List(Resources).SelectMany(path => Manifest.Read(Files.InputFile.Read(path), path).Objects);
        var output = new ManifestWriter(Format(flags));
        new TargetSecret(options, flags.On(Explain)).Render(source, data, [.. manifest.Objects, .. others], output, cancellationToken);
        var written = output.Written.ToArray();
        output.Clear();
        return written;
    }

    private static ManifestObject Choose(Manifest manifest, string? name)
    {
        var found = manifest.Objects.Where(ObjectDecoder.IsExternalSecret).ToList();
        if (found.Count == 0) throw new CommandException($"{manifest.Source} holds no ExternalSecret");
        if (name is not null) return found.FirstOrDefault(source => ObjectDecoder.ExternalSecret(source).Metadata.Name == name) ?? throw new CommandException($"{manifest.Source} holds no ExternalSecret {name}");
        return found.Count == 1 ? found[0] : throw new CommandException($"{manifest.Source} holds {found.Count} ExternalSecrets; --name says which");
    }

    private static OutputFormat Format(ParsedFlags flags) => flags.TextOrNull(RootFlags.Format)?.ToUpperInvariant() switch
    {
        "JSON" => OutputFormat.Json,
        null or "YAML" => OutputFormat.Yaml,
        _ => throw new CommandException($"unsupported output format: {flags.Text(RootFlags.Format)}"),
    };

    private static (string Left, string Right) Delimiters(string text) => text.Split(',') is [{ Length: > 0 } left, { Length: > 0 } right]
        ? (left, right)
        : throw new UsageException($"invalid argument \"{text}\" for \"--delims\" flag: two texts with a comma between, as '[[,]]'");
}
