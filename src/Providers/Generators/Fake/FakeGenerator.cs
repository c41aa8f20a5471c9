using System.Text;
using GitOpsSecrets.Api.Generators;

namespace GitOpsSecrets.Providers.Generators.Fake;

/// <summary>The values that stand in its spec: for trying out what consumes a generator.</summary>
public sealed class FakeGenerator : IGenerator
{
    public string Kind => GeneratorKinds.Fake;

    public IReadOnlyList<string> Check(GeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GeneratorSpec.Check(request.Spec, GeneratorJson.Default.FakeSpec, Findings);
    }

    public Task<Generated> GenerateAsync(GeneratorRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var spec = GeneratorSpec.Read(request.Spec, GeneratorJson.Default.FakeSpec, Findings);
        var values = new SecretValues();
        foreach (var (key, value) in spec.Data ?? []) values.Set(key, Encoding.UTF8.GetBytes(value));
        return Task.FromResult(new Generated(values));
    }

    private static IEnumerable<string> Findings(FakeSpec spec)
    {
        if (spec.Data?.ContainsKey("") == true) yield return "spec.data: keys must not be empty";
    }
}
