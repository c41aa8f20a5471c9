using GitOpsSecrets.Providers.Http;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Goes through the steps of one part of a definition, with what each takes from its answer known to the next.</summary>
internal sealed class DeclaredSteps(Definition definition, CallMeter meter, TimeProvider time, Func<StepRule, Variables, CancellationToken, Task<DeclaredAnswer>> send)
{
    private const int LongestReason = 300;

    /// <returns>The last answer, the caller's to dispose, of those that found something where the others may find nothing; null where the store says that there is no such thing.</returns>
    /// <exception cref="ProviderException">A call failed, or an answer lacks what it should have.</exception>
    public async Task<DeclaredAnswer?> RunAsync(IReadOnlyList<StepRule> steps, Variables variables, CancellationToken cancellationToken)
    {
        DeclaredAnswer? last = null;
        var isAsked = false;
        try
        {
            foreach (var step in steps.Where(step => step.Condition.Holds(variables)))
            {
                var answer = await RunOneAsync(step, variables, cancellationToken).ConfigureAwait(false);
                isAsked = true;
                if (answer is null && step.GoesOn) continue;
                last?.Dispose();
                last = answer;
                if (last is null) return null;
            }

            return last is not null || isAsked ? last : throw new ProviderException(ProviderFailureKind.Invalid, $"{definition.Title}: nothing is to be asked for what was given");
        }
        catch
        {
            last?.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="RunAsync"/>
    public Task<DeclaredAnswer?> RunOneAsync(StepRule step, Variables variables, CancellationToken cancellationToken) => meter.MeasureAsync(step.Operation, async () =>
    {
        step.Seal?.Apply(variables);
        var answer = await send(step, variables, cancellationToken).ConfigureAwait(false);
        try
        {
            if (step.Decrypt is { } decrypt && answer.IsSuccess) answer.Replace(decrypt.Apply(answer.Body, variables, definition.Title));
            // First, since a failure may look as if there were nothing.
            foreach (var rule in step.Failed) Check(step, rule, answer, variables);
            if (step.Missing.Any(rule => rule.Holds(answer, variables)))
            {
                answer.Dispose();
                return null;
            }

            if (!answer.IsSuccess) throw HttpFailures.OfAnswer($"{definition.Title}, asked to {step.Operation},", answer.Response, time, Reason(answer));
            foreach (var take in step.Takes) Take(step, take, answer, variables);
            if (step.Files is { } files && files.Step.Condition.Holds(variables) && await files.ApplyAsync(answer.Body, variables, scope => RunOneAsync(files.Step, scope, cancellationToken)).ConfigureAwait(false) is { } filled) answer.Replace(filled);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    });

    public ProviderException Lacks(string operation, string what) => new(
        ProviderFailureKind.Invalid,
        $"the answer of {definition.Title} to {operation} has no {what}: is the store's address right?");

    private void Check(StepRule step, FailedRule rule, DeclaredAnswer answer, Variables variables)
    {
        if (!rule.Sign.Holds(answer, variables)) return;
        var reason = rule.Says ?? Said(answer, rule.Sign.Path!.Text(variables));
        if (reason.Length > 0) throw new ProviderException(ProviderFailureKind.Invalid, $"{definition.Title}, asked to {step.Operation}, said no: {reason}");
    }

    private void Take(StepRule step, TakeRule take, DeclaredAnswer answer, Variables variables)
    {
        if (take.Header is { } header) TakeHeader(step, take, answer.Headers(header), variables);
        else if (take.Path is not { } path) variables.Set(take.Name, answer.Body.ToArray());
        else
        {
            using var found = answer.Find(path.Text(variables));
            if (found is null or { IsNull: true })
            {
                if (!take.IsOptional) throw Lacks(step.Operation, path.Text(variables));
            }
            else if (take.Sets.Count > 0) variables.Set(take.Name, JsonEditing.With(found.ToBytes(), take.Sets.Select(set => (set.Name, set.Text.Text(variables)))) ?? throw Lacks(step.Operation, $"object at {path.Text(variables)}"));
            else if (!take.IsList) variables.Set(take.Name, found.ToBytes());
            else if (found.IsList) variables.SetList(take.Name, take.TextsOf(found));
            else throw Lacks(step.Operation, $"list at {path.Text(variables)}");
        }
    }

    private void TakeHeader(StepRule step, TakeRule take, IReadOnlyList<string> values, Variables variables)
    {
        if (values.Count == 0 && !take.IsOptional) throw Lacks(step.Operation, $"header {take.Header}");
        var cut = values.Select(value => take.Until is { } until && value.IndexOf(until, StringComparison.Ordinal) is >= 0 and var end ? value[..end] : value);
        variables.Set(take.Name, take.Join is { } join ? string.Join(join, cut) : cut.FirstOrDefault());
    }

    private string? Reason(DeclaredAnswer answer) => definition.Reason is null ? null : Said(answer, definition.Reason);

    private static string Said(DeclaredAnswer answer, string path)
    {
        using var found = answer.Find(path);
        var text = found is null or { IsNull: true } ? "" : found.Text.ReplaceLineEndings(" ").Trim();
        return text.Length <= LongestReason ? text : text[..LongestReason] + "…";
    }
}
