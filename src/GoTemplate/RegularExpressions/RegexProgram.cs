using GitOpsSecrets.GoTemplate.Execution;

namespace GitOpsSecrets.GoTemplate.RegularExpressions;

/// <summary>A regular expression as instructions for <see cref="RegexMachine"/>; the first is where matching starts.</summary>
internal sealed class RegexProgram
{
    /// <summary>Bounds what nested counted repeats can ask for. Go allows more, so beyond it is a limit of ours and no fault of the expression: regexMatch answers false to those.</summary>
    private const int MaxInstructions = 50_000;

    private readonly List<RegexInstruction> code = [];

    public RegexProgram(RegexNode root)
    {
        Emit(new RegexNode.Capture(0, root));
        code.Add(new(RegexOperation.Match));
    }

    public IReadOnlyList<RegexInstruction> Code => code;

    private int Add(RegexInstruction instruction)
    {
        if (code.Count >= MaxInstructions)
        {
            throw new LimitExceededException("regular expression too large");
        }

        code.Add(instruction);
        return code.Count - 1;
    }

    private void Emit(RegexNode node)
    {
        switch (node)
        {
            case RegexNode.Rune rune:
                Add(new(RegexOperation.Rune) { Matcher = rune.Matcher });
                break;
            case RegexNode.Assertion assertion:
                Add(new(RegexOperation.Assert) { Assertion = assertion.Kind });
                break;
            case RegexNode.Capture capture:
                Add(new(RegexOperation.Save) { First = capture.Index * 2 });
                Emit(capture.Inner);
                Add(new(RegexOperation.Save) { First = (capture.Index * 2) + 1 });
                break;
            case RegexNode.Concat concat:
                concat.Parts.ForEach(Emit);
                break;
            case RegexNode.Alternate alternate:
                EmitAlternate(alternate.Choices);
                break;
            case RegexNode.Repeat repeat:
                EmitRepeat(repeat);
                break;
        }
    }

    private void EmitAlternate(List<RegexNode> choices)
    {
        var jumps = new List<int>();
        for (var i = 0; i < choices.Count - 1; i++)
        {
            var split = Add(new(RegexOperation.Split));
            Emit(choices[i]);
            jumps.Add(Add(new(RegexOperation.Jump)));
            code[split] = new(RegexOperation.Split) { First = split + 1, Second = code.Count };
        }

        Emit(choices[^1]);
        jumps.ForEach(jump => code[jump] = new(RegexOperation.Jump) { First = code.Count });
    }

    private void EmitRepeat(RegexNode.Repeat repeat)
    {
        for (var i = 0; i < repeat.Min; i++)
        {
            Emit(repeat.Inner);
        }

        if (repeat.Max < 0)
        {
            var loop = Add(new(RegexOperation.Split));
            Emit(repeat.Inner);
            Add(new(RegexOperation.Jump) { First = loop });
            code[loop] = Split(loop + 1, code.Count, repeat.IsGreedy);
            return;
        }

        var splits = new List<int>();
        for (var i = repeat.Min; i < repeat.Max; i++)
        {
            splits.Add(Add(new(RegexOperation.Split)));
            Emit(repeat.Inner);
        }

        splits.ForEach(split => code[split] = Split(split + 1, code.Count, repeat.IsGreedy));
    }

    private static RegexInstruction Split(int inside, int after, bool isGreedy) =>
        new(RegexOperation.Split) { First = isGreedy ? inside : after, Second = isGreedy ? after : inside };
}
