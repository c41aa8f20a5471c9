namespace GitOpsSecrets.Providers.Declared;

/// <summary>Whether every variable that a definition uses is one that something gives.</summary>
internal static class DefinitionNames
{
    private static readonly string[] Reference = ["ref.key", "ref.property", "ref.version", "ref.metadata"];
    private static readonly string[] Place = ["ref.key", "ref.property", PushRule.Purpose];
    private static readonly string[] Search = ["find.path", "page", "offset", "cursor"];

    /// <exception cref="DefinitionException">One is not.</exception>
    public static void Check(Definition definition, string file)
    {
        var tokens = definition.Inputs.Where(input => input.Kind == InputKind.ServiceAccount).Select(input => input.Name).ToList();
        HashSet<string> inputs = [.. definition.Inputs.Select(input => input.Name).Except(tokens), .. definition.Inputs.SelectMany(input => input.Parts.Keys)];
        HashSet<string> logged = [.. inputs, .. definition.Logins.SelectMany(login => login.Takes)];
        Need(file, "server", definition.Server.Names, inputs);
        Need(file, "headers", definition.Headers.SelectMany(header => header.Text.Names), logged);
        Signature(file, definition, inputs, logged);
        foreach (var (login, position) in definition.Logins.Select((login, position) => (login, position)))
        {
            HashSet<string> known = [.. inputs, .. tokens, LoginTokens.Controller];
            Need(file, $"login[{position}]", login.Condition.Names, known);
            Need(file, $"login[{position}].jwt", login.Assertion?.Names ?? [], known);
            if (login.Assertion is { } assertion) known.Add(assertion.As);
            Need(file, $"login[{position}].identity", login.Identity?.Names ?? [], known);
            known.UnionWith(login.Identity?.Identity.Gives ?? []);
            Steps(file, $"login[{position}].steps", login.Steps, known);
            Steps(file, $"login[{position}].end", login.End, [.. known, .. login.Takes]);
            Need(file, $"login[{position}].give", login.Gives.SelectMany(given => given.Text.Names), known);
        }

        foreach (var (read, position) in definition.Reads.Select((read, position) => (read, position))) Attempt(file, $"read[{position}]", read, [.. logged, .. Reference]);
        foreach (var (find, position) in definition.Finds.Select((find, position) => (find, position))) Find(file, $"find[{position}]", find, [.. logged, .. Search]);
        if (definition.Push is { } push) Push(file, push, [.. logged, .. Place]);
        foreach (var validate in definition.Validate) Steps(file, "validate", [validate], [.. logged]);
        if (definition.Authority is { } authority) Need(file, "authority", [authority], inputs);
        if (definition.KeySeparator is { } separator) Need(file, "keySeparator", [separator], inputs);
        if (definition.Timeout is { } timeout) Need(file, "timeout", [timeout], inputs);
        if (definition.ClientCertificate is { } certificate) Need(file, "clientCertificate", [certificate.Certificate, certificate.Key], inputs);
    }

    /// <summary>With what a login gives, where that is no request: such a one would have to be signed before.</summary>
    private static void Signature(string file, Definition definition, HashSet<string> inputs, HashSet<string> logged)
    {
        var names = definition.Signature?.With.SelectMany(parameter => parameter.Text.Names).ToList() ?? [];
        Need(file, "signature", names, definition.Logins.Any(login => login.Steps.Count > 0) ? inputs : logged);
    }

    private static void Attempt(string file, string where, AttemptRule attempt, HashSet<string> known)
    {
        known.UnionWith(attempt.Key?.Names ?? []);
        Need(file, where, attempt.Condition.Names, known);
        known.UnionWith(attempt.Property?.Names ?? []);
        Need(file, where + ".give", attempt.Gives.SelectMany(give => give.Text.Names), known);
        known.UnionWith(attempt.Gives.Select(give => give.Name));
        Steps(file, where + ".before", attempt.Before, known);
        Each(file, where, attempt.Each, known);
        Steps(file, where + ".steps", attempt.Steps, known);
        if (attempt.Collect is { } name) Need(file, where + ".collect", [name], known);
        Steps(file, where + ".after", attempt.After, known);
        Need(file, where + ".result", attempt.Results.SelectMany(result => result.Names), known);
    }

    private static void Find(string file, string where, FindRule find, HashSet<string> known)
    {
        known.UnionWith(find.TagNames.Select(DeclaredSearchRun.TagVariable));
        if (find.IsTree) known.Add(FindRule.Folder);
        Need(file, where, find.Condition.Names, known);
        Steps(file, where + ".before", find.Before, known);
        Each(file, where, find.Each, known);
        Steps(file, where + ".steps", find.Steps, known);
        Steps(file, where + ".list", [find.List], known);
        Need(file, where, [.. find.Strip?.Names ?? [], .. find.KeepValues.SelectMany(value => value.Names)], known);
        // What an element is fetched by, and found as, is made of the element.
    }

    private static void Push(string file, PushRule push, HashSet<string> known)
    {
        known.UnionWith(push.Metadata.Keys);
        // What any of the ways finds out: which one it was is not known before.
        HashSet<string> found = [.. known, PushRule.Value];
        HashSet<string> missing = [.. known, PushRule.Value];
        foreach (var (way, position) in push.Lookups.Select((way, position) => (way, position)))
        {
            HashSet<string> here = [.. known, .. way.Key?.Names ?? []];
            Lookup(file, $"push.lookups[{position}]", way, here);
            found.UnionWith(here);
            missing.UnionWith([.. way.Key?.Names ?? [], .. way.Gives.Select(give => give.Name), .. Certain(way.Before), .. way.Each is null ? Certain(way.Steps) : []]);
        }

        Need(file, "push.current", push.Current?.Names ?? [], found);
        Need(file, "push.current.with", push.CurrentWith.Keys.Concat(push.CurrentWith.Values), found);
        if (push.Present is { } present) Need(file, "push.present", [present], found);
        if (push.Own is { } own) Need(file, "push.own", [own], found);
        if (push.Checksum is { } checksum) Need(file, "push.checksum", [checksum.Variable], known);
        Steps(file, "push.create", push.Create, missing);
        Steps(file, "push.update", push.Update, [.. found]);
        Steps(file, "push.delete", push.Delete, [.. found]);
    }

    private static void Lookup(string file, string where, LookupRule way, HashSet<string> known)
    {
        Need(file, where, way.Condition.Names, known);
        Need(file, where + ".give", way.Gives.SelectMany(give => give.Text.Names), known);
        known.UnionWith(way.Gives.Select(give => give.Name));
        Steps(file, where + ".before", way.Before, known);
        Each(file, where, way.Each, known);
        Steps(file, where + ".steps", way.Steps, known);
    }

    /// <summary>What steps took before the one that found nothing.</summary>
    private static IEnumerable<string> Certain(IReadOnlyList<StepRule> steps) => steps.TakeWhile(step => step.Missing.Count == 0).SelectMany(step => step.Takes).Select(take => take.Name);

    private static void Each(string file, string where, EachRule? each, HashSet<string> known)
    {
        if (each is null) return;
        Need(file, where + ".each", [each.List], known);
        known.Add(each.As);
    }

    private static void Steps(string file, string where, IReadOnlyList<StepRule> steps, HashSet<string> known)
    {
        foreach (var (step, position) in steps.Select((step, position) => (step, position)))
        {
            if (step.Seal is { } seal)
            {
                Need(file, $"{where}[{position}].seal", [seal.Value, seal.Key], known);
                known.Add(seal.As);
            }

            Need(file, $"{where}[{position}]", [.. step.Names, .. step.Decrypt is { } decrypt ? (string[])[decrypt.With] : []], known);
            known.UnionWith(step.Takes.Select(take => take.Name));
            // The members of elements are known when there is an answer.
            if (step.Files is { } files) Need(file, $"{where}[{position}].files", files.Step.Names.Where(name => !name.StartsWith("item.", StringComparison.Ordinal)), known);
        }
    }

    private static void Need(string file, string where, IEnumerable<string> names, HashSet<string> known)
    {
        if (names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new DefinitionException($"{file}: {where} uses \"{unknown}\", which nothing before it gives; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}");
    }
}
